import { LARGES, usdPerHour } from '../../adapters/aws/price-snapshot';
import { familyOf, type Shape } from '../../domain/shape';

const VCPUS_OF_LARGE = 2;
/** GiB of memory for each vCPU, by the class of a family. */
const GIB_A_VCPU: Readonly<Record<string, number>> = { m: 4, c: 2, r: 8 };

/**
 * The sizes of a family from `large` on, as the price snapshot knows them: for histories that come without an EC2 catalogue. Arm families are `arm64`.
 *
 * @returns empty for a family that the snapshot does not know, or whose sizes are not in proportion (burstable ones)
 */
export function snapshotShapes(family: string): Shape[] {
  const gib = GIB_A_VCPU[family.charAt(0)];
  if (gib === undefined) return [];
  return Object.entries(LARGES).flatMap(([size, larges]): Shape[] => {
    const name = `${family}.${size}`;
    const usd = usdPerHour(name);
    if (usd === null || larges < 1) return [];
    const vcpus = larges * VCPUS_OF_LARGE;
    return [{ name, family: familyOf(name), vcpus, memoryMiB: vcpus * gib * 1024, networkGbps: 12.5, architecture: /\dg/.test(family) ? 'arm64' : 'x86_64', usdPerHour: usd }];
  });
}
