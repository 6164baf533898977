import { createHash } from 'node:crypto';
import { boundsOf, LOAD_METRICS, type LoadMetric, type LoadUnit, type ResourceForecast } from '../domain/forecast';
import type { Shape } from '../domain/shape';
import { dayLengthOf } from '../forecasting/day-length';
import type { ChildForecast } from '../forecasting/hierarchy/child-forecast';
import { sumForecasts, type LocalitySum } from '../forecasting/hierarchy/sum-forecasts';
import type { ComputePort } from './compute-port';
import { forecastHistories, STEP_MS, type ForecastHistories, type LoadForecastPorts, type LoadOwner } from './forecast-loads';

const SEED = 1;
const VERSION = '1';
const MIB = 1_048_576;

export interface ForecastLocalitiesDependencies extends LoadForecastPorts {
  readonly compute: Pick<ComputePort, 'shape'>;
  readonly now: () => number;
}

/** An instance, its shape and where it runs. */
export interface LocalityMember extends LoadOwner {
  readonly shape: string;
  readonly zone: string;
}

/** Demand of all instances of a pool (`pool/web`), zone (`zone/us-east-1a`) or region (`region/us-east-1`) together, and who is in it. */
export interface LocalityForecast extends Pick<LocalitySum, 'children' | 'borrowed' | 'missing' | 'notes'> {
  /** CPU in vCPUs, memory in bytes, network in bytes a second. */
  readonly forecast: ResourceForecast;
  /** The members' loads of the last two weeks together, in the forecast's unit and on its grid, up to its `issuedAtMs`; null where none was measured. */
  readonly past: readonly (number | null)[];
}

/**
 * Forecasts pools, zones and regions of the members as coherent sums: one forecast for each locality and metric that any member publishes. A member that does not publish
 * a metric counts as its pool does, and is named.
 */
export async function forecastLocalities(
  deps: ForecastLocalitiesDependencies,
  { members, horizonMs }: { readonly members: readonly LocalityMember[]; readonly horizonMs: number },
): Promise<LocalityForecast[]> {
  const made = await forecastHistories(deps, members, horizonMs, deps.now());
  const shapes = new Map(await Promise.all([...new Set(members.map(({ shape }) => shape))].map(async (name) => [name, await deps.compute.shape(name)] as const)));
  return LOAD_METRICS.flatMap((metric) => sumsOf(metric, members, shapes, made));
}

function sumsOf(metric: LoadMetric, members: readonly LocalityMember[], shapes: ReadonlyMap<string, Shape>, { series, forecasts }: ForecastHistories): LocalityForecast[] {
  const own = new Map(forecasts.flatMap((one) => (one.metric === metric && one.subject.kind === 'instance' ? [[one.subject.instanceId, one] as const] : [])));
  const [first] = own.values();
  if (first === undefined) return [];
  const histories = new Map(series.filter((one) => one.metric === metric).map(({ instanceId, values }) => [instanceId, values]));
  const children = members.map((member): ChildForecast => {
    const { weight, capacity } = sizeOf(metric, shapes.get(member.shape) as Shape);
    const forecast = own.get(member.instanceId) ?? null;
    return { id: member.instanceId, localities: localitiesOf(member), weight, capacity, forecast, history: withoutLeadingGaps(histories.get(member.instanceId) ?? []) };
  });
  const sums = sumForecasts(children, {
    horizon: first.quantiles.length,
    levels: first.levels,
    dayLength: dayLengthOf({ stepMs: STEP_MS }),
    bounds: boundsOf(metric),
    seed: SEED,
  });
  return sums.filter((sum) => sum.children > 0).map((sum) => ({ ...toLocalityForecast(sum, metric, first, own), past: pastOf(sum.locality, children) }));
}

function toLocalityForecast(sum: LocalitySum, metric: LoadMetric, like: ResourceForecast, own: ReadonlyMap<string, ResourceForecast>): Omit<LocalityForecast, 'past'> {
  const { locality, quantiles, mean, peak, children, borrowed, missing, notes } = sum;
  const made = [locality, metric, VERSION, SEED, ...[...own].map(([id, { origin }]) => `${id}/${origin.digest}`).toSorted()];
  return {
    forecast: {
      subject: { kind: 'locality', locality },
      metric,
      unit: SUM_UNITS[metric],
      issuedAtMs: like.issuedAtMs,
      stepMs: like.stepMs,
      horizonMs: like.horizonMs,
      levels: like.levels,
      quantiles,
      mean,
      peak,
      origin: { model: 'sum', version: VERSION, digest: createHash('sha256').update(JSON.stringify(made)).digest('hex') },
    },
    children,
    borrowed,
    missing,
    notes,
  };
}

/** Histories end at one moment and begin where each has its first value. */
function pastOf(locality: string, children: readonly ChildForecast[]): (number | null)[] {
  const members = children.filter(({ localities }) => localities.includes(locality));
  const length = members.reduce((longest, { history }) => Math.max(longest, history.length), 0);
  return Array.from({ length }, (_, i) => {
    let sum: number | null = null;
    for (const { history, weight } of members) {
      const value = history[history.length - length + i] ?? null;
      if (value !== null) sum = (sum ?? 0) + weight * value;
    }
    return sum;
  });
}

const SUM_UNITS: Readonly<Record<LoadMetric, LoadUnit>> = { cpuPercent: 'vcpus', memoryPercent: 'bytes', networkBytesPerSecond: 'bytesPerSecond' };

function sizeOf(metric: LoadMetric, { vcpus, memoryMiB, networkGbps }: Shape): Pick<ChildForecast, 'weight' | 'capacity'> {
  switch (metric) {
    case 'cpuPercent':
      return { weight: vcpus / 100, capacity: 100 };
    case 'memoryPercent':
      return { weight: (memoryMiB * MIB) / 100, capacity: 100 };
    case 'networkBytesPerSecond':
      return { weight: 1, capacity: (networkGbps * 1e9) / 8 };
  }
}

/** The localities that a member is in, the narrowest first. The region is the zone without its letter. */
export function localitiesOf({ service, zone }: Pick<LocalityMember, 'service' | 'zone'>): string[] {
  return [`pool/${service}`, `zone/${zone}`, `region/${zone.replace(/[a-z]$/, '')}`];
}

function withoutLeadingGaps(values: readonly (number | null)[]): readonly (number | null)[] {
  const first = values.findIndex((value) => value !== null);
  return first < 0 ? [] : values.slice(first);
}
