import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import { checkShapeRequest, type ShapeRequest } from '../../domain/shapes/shape-request';
import { WrongUsage } from '../report-failure';

/** What "foreshift shapes explain" takes of a demand. */
export interface DemandOptions {
  readonly vcpus?: number;
  readonly memoryGib?: number;
  readonly networkGbps?: number;
  readonly ebsMbps?: number;
  readonly averageVcpus?: number;
  readonly averageMemoryGib?: number;
  readonly duration: number;
  readonly tradeoff: number;
  readonly count: { readonly minimum: number; readonly maximum: number };
  readonly target: number;
  readonly insteadOf?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly families?: readonly string[];
  readonly architecture?: string;
  readonly maxUsd?: number;
  readonly burstable?: boolean;
}

/** A request from options; averages that are not given are the peaks. @throws WrongUsage naming every field that is wrong */
export function requestFrom(options: DemandOptions, shapes: readonly CatalogueShape[]): ShapeRequest {
  const { vcpus, memoryGib, networkGbps, ebsMbps, averageVcpus = vcpus, averageMemoryGib = memoryGib, insteadOf, architecture, allow, deny, families, maxUsd, burstable } = options;
  if (vcpus === undefined || memoryGib === undefined) throw new WrongUsage('expected a shape, or a demand: --vcpus N --memory-gib N');
  const others = { ...(networkGbps === undefined ? {} : { networkGbps }), ...(ebsMbps === undefined ? {} : { ebsMbps }) };
  const request: ShapeRequest = {
    demand: {
      peak: { vcpus, memoryMiB: memoryGib * 1024, ...others },
      average: { vcpus: averageVcpus as number, memoryMiB: (averageMemoryGib as number) * 1024, ...others },
    },
    durationMs: options.duration,
    tradeoff: options.tradeoff,
    minimumCount: options.count.minimum,
    maximumCount: options.count.maximum,
    targetUtilizationRatio: options.target / 100,
    constraints: {
      ...(architecture === undefined ? {} : { architecture }),
      ...(allow === undefined ? {} : { allow }),
      ...(deny === undefined ? {} : { deny }),
      ...(families === undefined ? {} : { families }),
      ...(insteadOf === undefined ? {} : { compatibleWith: shapeNamed(insteadOf, shapes) }),
      ...(maxUsd === undefined ? {} : { maximumUsdPerHour: maxUsd }),
      burstableAllowed: burstable === true,
    },
  };
  const problems = checkShapeRequest(request);
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  return request;
}

/** @throws WrongUsage for a name that the catalogue has not, with near ones */
export function shapeNamed(name: string, shapes: readonly CatalogueShape[]): CatalogueShape {
  const found = shapes.find((shape) => shape.name === name);
  if (found !== undefined) return found;
  const near = shapes.filter((shape) => shape.family === name.split('.')[0]).map((shape) => shape.name);
  throw new WrongUsage(`${name} is not in the catalogue, or no price of it is known${near.length === 0 ? '; "foreshift shapes list" shows all' : `; of its family there are ${near.slice(0, 8).join(', ')}`}`);
}
