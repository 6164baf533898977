import type { Shape } from '../../domain/shape';
import type { InstanceRun } from '../fleet/instance-run';

/** What an instance asked for at one time or at most. */
export interface Demand {
  readonly vcpus: number;
  /** 0 where memory does not count. */
  readonly memoryMiB: number;
}

/** The cheapest shape that holds a demand at a utilization; the largest where none does. Expects at least one shape. */
export function cheapestHolding(shapes: readonly Shape[], { vcpus, memoryMiB }: Demand, utilizationPercent: number): Shape {
  const share = utilizationPercent / 100;
  const byPrice = shapes.toSorted((a, b) => a.usdPerHour - b.usdPerHour);
  return byPrice.find((shape) => vcpus <= shape.vcpus * share && memoryMiB <= shape.memoryMiB * share) ?? (byPrice.at(-1) as Shape);
}

/** A quantile (nearest rank) of the demand in steps `from` up to `to`; 1 is the highest. Null where nothing was measured. */
export function demandQuantile({ instance: { demandVcpus, demandMemoryMiB } }: InstanceRun, from: number, to: number, quantile: number): Demand | null {
  const of = (all: Float64Array | null): number | null => {
    const known = (all ?? new Float64Array()).slice(Math.max(0, from), to).filter((value) => !Number.isNaN(value)).sort();
    return known.length === 0 ? null : (known[Math.max(0, Math.ceil(quantile * known.length) - 1)] as number);
  };
  const vcpus = of(demandVcpus);
  return vcpus === null ? null : { vcpus, memoryMiB: of(demandMemoryMiB) ?? 0 };
}
