import { createHash } from 'node:crypto';
import type { FleetActivities, FleetMember } from '../contracts/shape-fleet';
import type { ForecastOutcome, MigrationActivities } from '../contracts/migration-activities';
import { canonicalJson } from '../domain/canonical-json';
import type { InstanceOutlook } from '../domain/choose-moves';
import { assessContention } from '../domain/contention';
import { policyQuantile } from '../domain/cost-quantile';
import type { LoadMetric, ResourceForecast } from '../domain/forecast';
import { summarizeForecast } from '../domain/forecast';
import type { MigrationPolicy } from '../domain/migration-policy';
import type { ModelChoice } from '../domain/model-choice';
import { serviceOf } from '../domain/service-of';
import { calibrateForecasts } from './calibrate-forecasts';
import type { CalibrationStore } from './calibration-port';
import type { ComputePort } from './compute-port';
import type { MetricSeries, MetricsPort } from './metrics-port';
import type { ModelStore } from './model-port';

const STEP_MS = 300_000;
const HISTORY_MS = 14 * 86_400_000;
/** Memory may be used further than CPU before it hurts. */
const MEMORY_LIMIT_PERCENT = 90;

/** `choice` null: the default model. */
export interface SeriesToForecast extends MetricSeries {
  readonly choice: ModelChoice | null;
}

/** Makes forecasts of many series at once; where nothing can be told of a series it is left out. */
export interface ForecasterPort {
  forecast(series: readonly SeriesToForecast[], horizonMs: number): Promise<readonly ResourceForecast[]>;
}

export interface ForecastStore {
  /** Writes once per id. */
  save(forecastId: string, forecast: ResourceForecast, pool: string): Promise<void>;
}

export interface ForecastDependencies {
  readonly compute: ComputePort;
  readonly metrics: Pick<MetricsPort, 'loadSeries'>;
  readonly forecaster: ForecasterPort;
  readonly store: ForecastStore;
  readonly models: Pick<ModelStore, 'champions'>;
  readonly calibrations: Pick<CalibrationStore, 'read'>;
  readonly now: () => number;
}

type ForecastActivities = Pick<MigrationActivities, 'forecastInstance'> & FleetActivities;

/** Forecasts instances from two weeks of five-minute metrics and judges whether they run out. */
export function createForecastActivities(deps: ForecastDependencies): ForecastActivities {
  return {
    async forecastInstance({ instanceId, shape, policy }) {
      const { tags } = await deps.compute.describe(instanceId);
      const outcomes = await forecastInstances(deps, [{ instanceId, shape, service: serviceOf(tags) }], policy);
      const outcome = outcomes.get(instanceId);
      if (outcome === undefined) throw new Error(`no forecast was made of ${instanceId}`);
      return outcome;
    },
    async listFleet({ fleet }) {
      const found = await deps.compute.listTagged('foreshift:fleet', fleet);
      return found
        .map((facts) => ({
          instanceId: facts.instanceId,
          name: facts.tags['Name'] ?? facts.instanceId,
          service: serviceOf(facts.tags),
          shape: facts.shape,
          zone: facts.zone,
        }))
        .toSorted((a, b) => a.name.localeCompare(b.name));
    },
    async forecastFleet({ members, policy }) {
      const outcomes = await forecastInstances(deps, members, policy);
      return members.flatMap((member) => outlookOf(member, outcomes.get(member.instanceId)));
    },
  };
}

async function forecastInstances(
  { compute, metrics, forecaster, store, models, calibrations, now }: ForecastDependencies,
  members: readonly Pick<FleetMember, 'instanceId' | 'shape' | 'service'>[],
  policy: MigrationPolicy['forecast'],
): Promise<Map<string, ForecastOutcome>> {
  const nowMs = now();
  const endAtMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const range = { startAtMs: endAtMs - HISTORY_MS, endAtMs, stepMs: STEP_MS };
  const ids = members.map((member) => member.instanceId);
  const series = (await metrics.loadSeries(ids, range)).filter((one) => one.values.some((value) => value !== null));
  // The newest complete bucket may be five minutes old: the horizon counts from now.
  const choices = await choicesOf(models, members);
  const made = await forecaster.forecast(series.map((one) => ({ ...one, choice: choices.get(one.instanceId) ?? null })), policy.horizonMs + STEP_MS);
  const forecasts = await calibrateForecasts(calibrations, made);
  const outcomes = new Map<string, ForecastOutcome>();
  for (const { instanceId, shape, service } of members) {
    const own = forecasts.filter((forecast) => forecast.subject.kind === 'instance' && forecast.subject.instanceId === instanceId);
    const limits = await limitsOf(compute, shape, policy);
    const byMetric = Object.fromEntries(own.map((forecast) => [forecast.metric, forecast])) as Partial<Record<LoadMetric, ResourceForecast>>;
    const assessment = assessContention({
      forecasts: byMetric,
      limits,
      policy: { horizonMs: policy.horizonMs, quantile: policyQuantile(policy), minProbability: policy.minProbability, minLeadMs: 0 },
      nowMs,
    });
    const summaries = await Promise.all(
      own.map(async (forecast) => {
        const forecastId = createHash('sha256').update(canonicalJson(forecast)).digest('hex').slice(0, 32);
        await store.save(forecastId, forecast, service);
        return summarizeForecast(forecast, forecastId, limits[forecast.metric]);
      }),
    );
    outcomes.set(instanceId, { forecasts: summaries, assessment });
  }
  return outcomes;
}

/** The champion of each member's pool. */
async function choicesOf(models: Pick<ModelStore, 'champions'>, members: readonly Pick<FleetMember, 'instanceId' | 'service'>[]): Promise<Map<string, ModelChoice>> {
  const champions = await models.champions([...new Set(members.map(({ service }) => service))]);
  const byPool = new Map(champions.map(({ pool, choice }) => [pool, choice]));
  const choices = new Map<string, ModelChoice>();
  for (const { instanceId, service } of members) {
    const choice = byPool.get(service);
    if (choice !== undefined) choices.set(instanceId, choice);
  }
  return choices;
}

async function limitsOf(compute: ComputePort, shapeName: string, policy: MigrationPolicy['forecast']): Promise<Record<LoadMetric, number>> {
  const shape = await compute.shape(shapeName);
  return {
    cpuPercent: policy.limitPercent,
    memoryPercent: MEMORY_LIMIT_PERCENT,
    networkBytesPerSecond: (shape.networkGbps * 1e9 * policy.limitPercent) / 100 / 8,
  };
}

function outlookOf(member: FleetMember, outcome: ForecastOutcome | undefined): InstanceOutlook[] {
  return outcome === undefined ? [] : [{ instanceId: member.instanceId, name: member.name, service: member.service, assessment: outcome.assessment }];
}
