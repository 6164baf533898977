import type { MigrationActivities } from '../contracts/migration-activities';
import { assessContention } from '../domain/contention';
import { policyQuantile } from '../domain/cost-quantile';
import type { LoadMetric } from '../domain/forecast';
import { byMetric, summarizeForecast } from '../domain/forecast';
import { loadLimits } from '../domain/load-limits';
import type { MigrationPolicy } from '../domain/migration-policy';
import { serviceOf } from '../domain/service-of';
import type { ComputePort } from './compute-port';
import { forecastLoads, saveForecast, type ForecastStore, type LoadForecastPorts } from './forecast-loads';

/** Memory may be used further than CPU before it hurts. */
const MEMORY_LIMIT_PERCENT = 90;

export interface ForecastDependencies extends LoadForecastPorts {
  readonly compute: Pick<ComputePort, 'describe' | 'shape'>;
  readonly store: ForecastStore;
  readonly now: () => number;
}

/** Forecasts instances from two weeks of five-minute metrics and judges whether they run out. */
export function createForecastActivities(deps: ForecastDependencies): Pick<MigrationActivities, 'forecastInstance'> {
  return {
    async forecastInstance({ instanceId, shape, policy }) {
      const { tags } = await deps.compute.describe(instanceId);
      const service = serviceOf(tags);
      const nowMs = deps.now();
      const own = await forecastLoads(deps, [{ instanceId, service }], policy.horizonMs, nowMs);
      const limits = await limitsOf(deps.compute, shape, policy);
      const assessment = assessContention({
        forecasts: byMetric(own),
        limits,
        policy: { horizonMs: policy.horizonMs, quantile: policyQuantile(policy), minProbability: policy.minProbability, minLeadMs: 0 },
        nowMs,
      });
      const forecasts = await Promise.all(own.map(async (forecast) => summarizeForecast(forecast, await saveForecast(deps.store, forecast, service), limits[forecast.metric])));
      return { forecasts, assessment };
    },
  };
}

async function limitsOf(compute: Pick<ComputePort, 'shape'>, shapeName: string, { limitPercent }: MigrationPolicy['forecast']): Promise<Record<LoadMetric, number>> {
  return loadLimits(await compute.shape(shapeName), { cpu: limitPercent, memory: MEMORY_LIMIT_PERCENT, network: limitPercent });
}
