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

/** What a fleet is replayed under: the product's plan under a name, and the baselines at each target utilization. */
export function policiesOf(fleet: FleetCase, name: string, plan: FleetPlanPolicy, baselines: readonly Baseline[], targetsPercent: readonly number[]): FleetPolicy[] {
  const forecasts = new DemandForecasts(fleet, modelNamed('gate'), { horizonMs: plan.sizing.horizonMs, everyMs: FORECAST_EVERY_MS });
  return [{ ...createForeshiftPolicy(forecasts, plan), name }, ...baselines.flatMap((baseline) => baselineOf(baseline, plan, targetsPercent))];
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
