import type { ComputePort, InstanceFacts } from '../../../activities/compute-port';
import { forecastLocalities, localitiesOf, type LocalityForecast, type LocalityMember } from '../../../activities/forecast-localities';
import { STEP_MS, type ForecasterPort } from '../../../activities/forecast-loads';
import type { MetricsPort } from '../../../activities/metrics-port';
import { FLEET_TAG } from '../../../contracts/workflow-ids';
import { subjectName, type LoadMetric } from '../../../domain/forecast';
import { serviceOf } from '../../../domain/service-of';
import type { ForecastReport } from '../single/forecast-report';

export interface LocalityPorts {
  readonly compute: Pick<ComputePort, 'listTagged' | 'shape'>;
  readonly metrics: Pick<MetricsPort, 'loadSeries'>;
  readonly forecaster: ForecasterPort;
}

export interface LocalityQuestion {
  /** `pool/web`, `zone/us-east-1a` or `region/us-east-1`. */
  readonly locality: string;
  readonly metric: LoadMetric;
  readonly horizonMs: number;
  readonly limit: number | null;
  readonly nowMs: number;
}

/**
 * What all instances of a pool, zone or region will need together, as a sum of their forecasts in which what moves together does so. An instance with little or no past
 * counts as its pool does, and the notes say which.
 *
 * @throws Error where no instance is there, naming what is, or none publishes the metric
 */
export async function forecastLocality({ compute, metrics, forecaster }: LocalityPorts, { locality, metric, horizonMs, limit, nowMs }: LocalityQuestion): Promise<ForecastReport> {
  const found = (await compute.listTagged(FLEET_TAG, null)).map(memberOf);
  const members = found.filter((one) => localitiesOf(one).includes(locality));
  if (members.length === 0) throw new Error(`${locality}: no running instance with the tag ${FLEET_TAG} is there; ${whatThereIs(found, locality)}`);
  const pools = new Set(members.map(({ service }) => service));
  const sums = await forecastLocalities(
    // Nothing of the database: the default model, as it is.
    { compute, metrics, forecaster, models: { champions: async () => [] }, calibrations: { read: async () => [] }, now: () => nowMs },
    // The siblings elsewhere tell what a new member will be like. The forecast begins at the latest value, not now: a step less.
    { members: found.filter(({ service }) => pools.has(service)), horizonMs: horizonMs - STEP_MS },
  );
  const sum = sums.find(({ forecast }) => subjectName(forecast.subject) === locality && forecast.metric === metric);
  if (sum === undefined) throw new Error(`${locality}: none of its ${members.length} instances published ${metric} in the last 14 days`);
  return reportOf(sum, locality, limit);
}

function memberOf({ instanceId, tags, shape, zone }: InstanceFacts): LocalityMember {
  return { instanceId, service: serviceOf(tags), shape, zone };
}

function whatThereIs(found: readonly LocalityMember[], locality: string): string {
  const kind = locality.slice(0, locality.indexOf('/') + 1);
  const names = new Set(found.flatMap((one) => localitiesOf(one).filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length))));
  return names.size === 0 ? 'expected a fleet whose instances have it' : `expected one of ${[...names].toSorted().join(', ')}`;
}

function reportOf({ forecast, past, children, borrowed, missing, notes }: LocalityForecast, locality: string, limit: number | null): ForecastReport {
  const { issuedAtMs, stepMs, levels, quantiles, mean, peak, origin, unit, metric } = forecast;
  const id = `${locality}/${metric}`;
  const all = [
    `the sum of ${children} ${children === 1 ? 'instance' : 'instances'}`,
    ...(borrowed.length === 0 ? [] : [`counted in part or whole as their pool does, for too little past of their own: ${borrowed.join(', ')}`]),
    ...(missing.length === 0 ? [] : [`left out, since neither they nor their pool published it: ${missing.join(', ')}`]),
    ...notes,
  ];
  return {
    title: `${locality} ${metric}`,
    unit,
    history: { id, startAtMs: issuedAtMs - (past.length - 1) * stepMs, stepMs, values: past },
    answer: { id, issuedAtMs, stepMs, levels, quantiles, mean, peakQuantiles: peak, notes: all, model: origin.model, version: origin.version, digest: origin.digest },
    limit,
  };
}
