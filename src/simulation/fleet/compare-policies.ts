import { overloadUsdPerHour } from '../../domain/sizing/size-instance';
import type { SizingPolicy } from '../../domain/sizing/sizing-policy';
import type { FleetCase } from './fleet-case';
import type { ReplayResult } from './replay';

/** A policy's result beside the others'. */
export interface PolicyScore {
  readonly policy: string;
  readonly overloadMinutes: number;
  readonly slaMinutes: number;
  readonly usd: number;
  /** Price and overload in one sum: an overloaded minute counts as the sizing policy values it. */
  readonly sumUsd: number;
  readonly moves: number;
  readonly pingPongs: number;
  /** Sum above that of perfect foresight; null where that was not replayed. */
  readonly regretUsd: number | null;
}

/** Scores replays of one fleet, the least sum first. */
export function comparePolicies(fleet: FleetCase, results: readonly ReplayResult[], sizing: SizingPolicy): PolicyScore[] {
  const sums = new Map(results.map((result) => [result.policy, sumUsd(fleet, result, sizing)]));
  const best = sums.get('oracle');
  return results
    .map(({ policy, overloadMinutes, slaMinutes, usd, moves, pingPongs }) => {
      const sum = sums.get(policy) as number;
      return { policy, overloadMinutes, slaMinutes, usd, sumUsd: sum, moves, pingPongs, regretUsd: best === undefined ? null : sum - best };
    })
    .toSorted((a, b) => a.sumUsd - b.sumUsd);
}

function sumUsd({ instances }: FleetCase, result: ReplayResult, sizing: SizingPolicy): number {
  return result.instances.reduce((sum, { usd, overloadMinutes }, i) => {
    const { shape, slaClass } = instances[i] as (typeof instances)[number];
    return sum + usd + (overloadMinutes / 60) * overloadUsdPerHour(shape, slaClass, sizing);
  }, 0);
}
