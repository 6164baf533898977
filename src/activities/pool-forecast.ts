import { businessFailure } from '../contracts/errors';
import type { LoadMetric, ResourceForecast } from '../domain/forecast';
import { SERVICE_TAGS, serviceOf } from '../domain/service-of';
import type { Shape } from '../domain/shape';
import type { ComputePort, InstanceFacts } from './compute-port';
import { forecastLocalities, type ForecastLocalitiesDependencies, type LocalityForecast } from './forecast-localities';

export interface PoolForecastDependencies extends ForecastLocalitiesDependencies {
  readonly compute: Pick<ComputePort, 'shape' | 'listTagged'>;
}

/** A service's running instances and what they are forecast to need together: CPU in vCPUs, memory in bytes. */
export interface PoolForecast {
  readonly members: readonly InstanceFacts[];
  readonly shapes: readonly Shape[];
  readonly allocated: { readonly vcpus: number; readonly memoryMiB: number };
  readonly cpu: ResourceForecast;
  /** Null where no member publishes it. */
  readonly memory: ResourceForecast | null;
}

/** The service's running instances. */
export async function membersOf(compute: Pick<ComputePort, 'listTagged'>, service: string, zones: readonly string[] | null): Promise<readonly InstanceFacts[]> {
  const found = await Promise.all(SERVICE_TAGS.map((tag) => compute.listTagged(tag, service)));
  const byId = new Map(found.flat().map((facts) => [facts.instanceId, facts]));
  return [...byId.values()].filter(({ state, tags, zone }) => state === 'running' && serviceOf(tags) === service && (zones?.includes(zone) ?? true));
}

/** @throws NotFound where the service has no instance there, or none with a history of CPU */
export async function forecastPool(deps: PoolForecastDependencies, { service, zones, horizonMs }: { readonly service: string; readonly zones: readonly string[] | null; readonly horizonMs: number }): Promise<PoolForecast> {
  const members = await membersOf(deps.compute, service, zones);
  const where = zones === null ? '' : ` in ${zones.join(', ')}`;
  if (members.length === 0) throw businessFailure('NotFound', `service "${service}" has no running instance${where}, so that nothing can be forecast; expected demand in the request`);
  const shapes = await Promise.all(members.map(({ shape }) => deps.compute.shape(shape)));
  const sums = await sumsOfPool(deps, members, service, horizonMs);
  const cpu = sums.get('cpuPercent') ?? null;
  if (cpu === null) throw businessFailure('NotFound', `service "${service}" has no CPU history${where}, so that nothing can be forecast; expected demand in the request`);
  const sum = (of: 'vcpus' | 'memoryMiB'): number => shapes.reduce((total, shape) => total + shape[of], 0);
  return { members, shapes, allocated: { vcpus: sum('vcpus'), memoryMiB: sum('memoryMiB') }, cpu: cpu.forecast, memory: sums.get('memoryPercent')?.forecast ?? null };
}

/**
 * The pool's sum of each metric. Who has no history of CPU is new: it will take a share of the same demand, and must not count as if it
 * brought as much again.
 */
async function sumsOfPool(deps: PoolForecastDependencies, members: readonly InstanceFacts[], service: string, horizonMs: number): Promise<Map<LoadMetric, LocalityForecast>> {
  const made = await forecastLocalities(deps, { members: members.map(({ instanceId, shape, zone }) => ({ instanceId, shape, zone, service })), horizonMs });
  const pool = new Map(made.filter(({ forecast: { subject, mean } }) => mean.length > 0 && subject.kind === 'locality' && subject.locality === `pool/${service}`).map((one) => [one.forecast.metric, one]));
  const newcomers = pool.get('cpuPercent')?.borrowed ?? [];
  return newcomers.length === 0 || newcomers.length === members.length ? pool : sumsOfPool(deps, members.filter(({ instanceId }) => !newcomers.includes(instanceId)), service, horizonMs);
}
