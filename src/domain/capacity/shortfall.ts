import type { ResourceDemand } from '../shapes/shape-demand';

/** The demand at an upper quantile, step by step. */
export interface DemandPath {
  readonly startAtMs: number;
  readonly stepMs: number;
  readonly vcpus: readonly number[];
  readonly memoryMiB: readonly number[];
}

export interface Shortfall {
  /** Start of the first step in which the demand goes beyond what is there; null: it does not. */
  readonly needFromMs: number | null;
  /** The highest that goes beyond, of each resource by itself. */
  readonly amounts: ResourceDemand;
}

/**
 * What a demand needs beyond an allocation within a window: required = forecast upper quantile - current allocation, of which only
 * `targetUtilizationRatio` may be used.
 */
export function shortfallOver(path: DemandPath, allocated: ResourceDemand, { fromMs, untilMs, targetUtilizationRatio }: { readonly fromMs: number; readonly untilMs: number; readonly targetUtilizationRatio: number }): Shortfall {
  let needFromMs: number | null = null;
  let amounts = { vcpus: 0, memoryMiB: 0 };
  path.vcpus.forEach((vcpus, i) => {
    const atMs = path.startAtMs + i * path.stepMs;
    if (atMs + path.stepMs <= fromMs || atMs >= untilMs) return;
    const short = { vcpus: Math.max(0, vcpus - allocated.vcpus * targetUtilizationRatio), memoryMiB: Math.max(0, (path.memoryMiB[i] ?? 0) - allocated.memoryMiB * targetUtilizationRatio) };
    if (isNothing(short)) return;
    needFromMs ??= Math.max(atMs, fromMs);
    amounts = { vcpus: Math.max(amounts.vcpus, short.vcpus), memoryMiB: Math.max(amounts.memoryMiB, short.memoryMiB) };
  });
  return { needFromMs, amounts };
}

/** Sums of parts. */
const ROUNDING = 1e-9;

/** What of a demand held capacity does not carry. */
export function uncarried(demand: ResourceDemand, held: readonly Pick<ResourceDemand, 'vcpus' | 'memoryMiB'>[], targetUtilizationRatio: number): ResourceDemand {
  const carried = (of: 'vcpus' | 'memoryMiB'): number => held.reduce((sum, one) => sum + one[of], 0) * targetUtilizationRatio;
  return { vcpus: Math.max(0, demand.vcpus - carried('vcpus')), memoryMiB: Math.max(0, demand.memoryMiB - carried('memoryMiB')) };
}

/** How many units of capacity carry a demand. */
export function unitsFor(demand: ResourceDemand, unit: Pick<ResourceDemand, 'vcpus' | 'memoryMiB'>, targetUtilizationRatio: number): number {
  if (isNothing(demand)) return 0;
  const units = Math.max(demand.vcpus / unit.vcpus, demand.memoryMiB / unit.memoryMiB) / targetUtilizationRatio;
  return Math.max(1, Math.ceil(units - ROUNDING));
}

/** Less than a thousandth of a vCPU and a mebibyte: rounding. */
export function isNothing({ vcpus, memoryMiB }: ResourceDemand): boolean {
  return vcpus < 0.001 && memoryMiB < 1;
}
