import type { ForecastsByMetric } from '../forecast';
import { quantileAt } from '../quantile-function';
import type { Shape } from '../shape';
import { estimateMove, type MoveEstimate } from '../sizing/move-estimate';
import { sizeInstance, type SizingDecision } from '../sizing/size-instance';
import type { FleetInstance } from './fleet-instance';
import type { FleetPlanPolicy } from './plan-policy';

/** An instance and what its forecasts come to: small enough to keep ten thousand of them, and all that the plan needs. */
export interface WeighedInstance extends FleetInstance {
  readonly estimate: MoveEstimate;
  readonly sizing: SizingDecision;
  /** vCPUs that it asks for at most, at the policy's quantile of its forecast peak; all of its shape's where there is no forecast. */
  readonly demandVcpus: number;
  /** The highest mean of its CPU forecast over the first one; 1 where there is none. */
  readonly demandIncreaseRatio: number;
}

/** Weighs one instance by itself: its best size, what it will ask of its pool, and what a move would take. */
export function weighInstance(instance: FleetInstance, forecasts: ForecastsByMetric, shapes: readonly Shape[], policy: FleetPlanPolicy, nowMs: number): WeighedInstance {
  const { shape, slaClass, burst, lastMove } = instance;
  const estimate = estimateMove(policy.durations, instance.stateBytes, policy.transferBytesPerSecond);
  const sizing = sizeInstance({
    forecasts,
    present: shape,
    // Another family is another machine: within one, a load behaves as it did.
    candidates: shapes.filter(({ architecture, family }) => architecture === shape.architecture && family === shape.family),
    slaClass,
    burst,
    estimate,
    restsUntilMs: lastMove === null ? -Infinity : lastMove.endedAtMs + policy.cooldownMs,
    cooldownMs: policy.cooldownMs,
    policy: policy.sizing,
    nowMs,
  });
  return { ...instance, estimate, sizing, demandVcpus: demandOf(forecasts, shape, policy.poolQuantile), demandIncreaseRatio: demandIncrease(forecasts) };
}

function demandOf({ cpuPercent }: ForecastsByMetric, { vcpus }: Shape, quantile: number): number {
  if (cpuPercent === undefined) return vcpus;
  return (quantileAt({ levels: cpuPercent.levels, values: cpuPercent.peak }, quantile) * vcpus) / 100;
}

function demandIncrease({ cpuPercent }: ForecastsByMetric): number {
  const [first = 0] = cpuPercent?.mean ?? [];
  return first <= 0 ? 1 : Math.max(...(cpuPercent?.mean ?? [first])) / first;
}
