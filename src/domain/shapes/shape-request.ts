import type { CatalogueShape } from './catalogue-shape';
import type { InstanceNeeds } from './instance-needs';
import { RESOURCES, type ResourceDemand, type ShapeDemand } from './shape-demand';

export interface ShapeConstraints {
  readonly architecture?: string;
  /** Names of shapes; empty allows none. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly families?: readonly string[];
  /** The shape that an instance has now: only what it can run on as well. */
  readonly compatibleWith?: CatalogueShape;
  /** What is known better of the instance than its present shape tells; only beside `compatibleWith`. */
  readonly needs?: Partial<InstanceNeeds>;
  /** Of all instances together. */
  readonly maximumUsdPerHour?: number;
  /** Whether shapes that spend CPU credits may be chosen, where the average stays under their baseline. Without it they may not. */
  readonly burstableAllowed?: boolean;
}

/** Which shape, and how many of it, for a demand. */
export interface ShapeRequest {
  readonly demand: ShapeDemand;
  readonly durationMs: number;
  /** 0..1: 1 is performance alone, 0 is cost alone. */
  readonly tradeoff: number;
  readonly minimumCount: number;
  readonly maximumCount: number;
  /** Utilization (above 0, up to 1) that neither peak nor average may exceed. */
  readonly targetUtilizationRatio: number;
  readonly constraints: ShapeConstraints;
}

/** What is wrong with a request, a sentence for each field; empty where nothing is. */
export function checkShapeRequest({ demand, durationMs, tradeoff, minimumCount, maximumCount, targetUtilizationRatio, constraints }: ShapeRequest): string[] {
  const problems = [...checkDemand('demand.peak', demand.peak), ...checkDemand('demand.average', demand.average)];
  const expect = (holds: boolean, field: string, expected: string, got: unknown): void => {
    if (!holds) problems.push(`${field}: expected ${expected}, got ${String(got)}`);
  };
  expect(Number.isFinite(durationMs) && durationMs > 0, 'durationMs', 'milliseconds above 0', durationMs);
  expect(tradeoff >= 0 && tradeoff <= 1, 'tradeoff', 'a number from 0 (cost alone) to 1 (performance alone)', tradeoff);
  expect(Number.isSafeInteger(minimumCount) && minimumCount >= 1, 'minimumCount', 'a whole number from 1', minimumCount);
  expect(Number.isSafeInteger(maximumCount) && maximumCount >= minimumCount, 'maximumCount', `a whole number from minimumCount (${minimumCount})`, maximumCount);
  expect(targetUtilizationRatio > 0 && targetUtilizationRatio <= 1, 'targetUtilizationRatio', 'a number above 0, up to 1', targetUtilizationRatio);
  const { maximumUsdPerHour, needs, compatibleWith } = constraints;
  expect(maximumUsdPerHour === undefined || maximumUsdPerHour >= 0, 'constraints.maximumUsdPerHour', 'USD from 0', maximumUsdPerHour);
  expect(needs === undefined || compatibleWith !== undefined, 'constraints.needs', 'the present shape in constraints.compatibleWith beside it', 'none');
  return problems;
}

function checkDemand(field: string, demand: ResourceDemand): string[] {
  return RESOURCES.flatMap((resource) => {
    const value = demand[resource] ?? (resource === 'vcpus' || resource === 'memoryMiB' ? NaN : 0);
    return Number.isFinite(value) && value >= 0 ? [] : [`${field}.${resource}: expected a number from 0, got ${String(demand[resource])}`];
  });
}
