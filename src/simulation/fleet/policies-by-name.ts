import type { FleetPlanPolicy } from '../../domain/fleet-plan/plan-policy';
import { modelNamed } from '../../forecasting/forecast-request';
import { DemandForecasts } from './demand-forecasts';
import type { FleetCase } from './fleet-case';
import { createForeshiftPolicy } from './foreshift-policy';
import { createHourlyPredictivePolicy } from './hourly-predictive-policy';
import { createOraclePolicy } from './oracle-policy';
import { createReactivePolicy, holdPolicy } from './reactive-policy';
import type { FleetPolicy } from './replay';

export const BASELINES = ['hold', 'reactive', 'hourly-predictive', 'oracle'] as const;

export type Baseline = (typeof BASELINES)[number];

/** Made anew at this age, or at once where the load leaves its forecast. */
const FORECAST_EVERY_MS = 1_800_000;

export interface NamedPlan {
  readonly name: string;
  readonly policy: FleetPlanPolicy;
}

/** What a fleet is replayed under: the product's plan by each of some settings, and the baselines at each target utilization. Settings of one horizon share their forecasts. */
export function policiesOf(fleet: FleetCase, plans: readonly [NamedPlan, ...NamedPlan[]], baselines: readonly Baseline[], targetsPercent: readonly number[]): FleetPolicy[] {
  const byHorizon = new Map<number, DemandForecasts>();
  const forecastsOf = (horizonMs: number): DemandForecasts => {
    const known = byHorizon.get(horizonMs) ?? new DemandForecasts(fleet, modelNamed('gate'), { horizonMs, everyMs: FORECAST_EVERY_MS });
    byHorizon.set(horizonMs, known);
    return known;
  };
  const own = plans.map(({ name, policy }) => ({ ...createForeshiftPolicy(forecastsOf(policy.sizing.horizonMs), policy), name }));
  return [...own, ...baselines.flatMap((baseline) => baselineOf(baseline, plans[0].policy, targetsPercent))];
}

function baselineOf(baseline: Baseline, { sizing }: FleetPlanPolicy, targetsPercent: readonly number[]): FleetPolicy[] {
  switch (baseline) {
    case 'hold':
      return [holdPolicy];
    case 'reactive':
      return targetsPercent.map(createReactivePolicy);
    case 'hourly-predictive':
      return targetsPercent.map(createHourlyPredictivePolicy);
    case 'oracle':
      return [createOraclePolicy(sizing)];
  }
}
