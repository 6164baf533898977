import type { CatalogueShape } from './catalogue-shape';
import { incompatibility } from './incompatibility';
import type { InstanceNeeds } from './instance-needs';
import type { ShapeConstraints } from './shape-request';

/**
 * Why a shape may not be taken whatever its size, as the first constraint that it breaks; null where it may.
 *
 * @param needs what it must be compatible with; null where it replaces nothing
 */
export function refuseShape(shape: CatalogueShape, constraints: ShapeConstraints, needs: InstanceNeeds | null): string | null {
  const { architecture, allow, deny, families, compatibleWith, burstableAllowed } = constraints;
  if (!(Number.isFinite(shape.usdPerHour) && shape.usdPerHour >= 0)) return 'its price is not known';
  if (allow !== undefined && !allow.includes(shape.name)) return 'not on the allow list';
  if (deny !== undefined && deny.includes(shape.name)) return 'on the deny list';
  if (families !== undefined && !families.includes(shape.family)) return `not of ${families.length === 1 ? 'the family' : 'the families'} ${families.join(', ')}`;
  if (architecture !== undefined && !shape.architectures.includes(architecture)) return `it does not run ${architecture}`;
  if (shape.burstable && burstableAllowed !== true) return 'burstable, which the request does not allow';
  const incompatible = needs === null ? null : incompatibility(needs, shape);
  return incompatible === null ? null : `incompatible with ${compatibleWith?.name}: ${incompatible}`;
}
