import type { CapacityActivities } from '../contracts/capacity-activities';
import { businessFailure } from '../contracts/errors';
import type { ServiceDemand } from '../domain/capacity/demand';
import type { LoadMetric } from '../domain/forecast';
import { quantileAt } from '../domain/quantile-function';
import { serviceOf } from '../domain/service-of';
import type { ComputePort, InstanceFacts } from './compute-port';
import { forecastLocalities, type ForecastLocalitiesDependencies, type LocalityForecast } from './forecast-localities';

const MIB = 1_048_576;
const SERVICE_TAGS = ['foreshift:service', 'Service', 'Name'];

export interface DemandDependencies extends ForecastLocalitiesDependencies {
  readonly compute: Pick<ComputePort, 'shape' | 'listTagged'>;
}

/** What the forecasts of a service's instances say together, and what the service has. */
export function createDemandActivities(deps: DemandDependencies): Pick<CapacityActivities, 'forecastDemand'> {
  return {
    async forecastDemand({ service, zones, horizonMs, quantile }) {
      const members = (await membersOf(deps.compute, service)).filter(({ zone }) => zones === null || zones.includes(zone));
      const where = zones === null ? '' : ` in ${zones.join(', ')}`;
      if (members.length === 0) throw businessFailure('NotFound', `service "${service}" has no running instance${where}, so that nothing can be forecast; expected demand in the request`);
      const shapes = await Promise.all(members.map(({ shape }) => deps.compute.shape(shape)));
      const sums = await forecastLocalities(deps, { members: members.map(({ instanceId, shape, zone }) => ({ instanceId, shape, zone, service })), horizonMs });
      const pool = sums.filter(({ forecast }) => forecast.subject.kind === 'locality' && forecast.subject.locality === `pool/${service}`);
      const cpu = loadOf(pool, 'cpuPercent', quantile);
      if (cpu === null) throw businessFailure('NotFound', `service "${service}" has no CPU history${where}, so that nothing can be forecast; expected demand in the request`);
      const allocated = { vcpus: sum(shapes.map(({ vcpus }) => vcpus)), memoryMiB: sum(shapes.map(({ memoryMiB }) => memoryMiB)) };
      const memory = loadOf(pool, 'memoryPercent', quantile);
      // Where memory is not published, what the instances have is taken for needed in proportion to their CPU.
      const memoryOf = (kind: 'peak' | 'average'): number => (memory === null ? (allocated.memoryMiB * cpu[kind]) / allocated.vcpus : memory[kind] / MIB);
      return {
        peak: { vcpus: cpu.peak, memoryMiB: memoryOf('peak') },
        average: { vcpus: cpu.average, memoryMiB: memoryOf('average') },
        instances: members.length,
        allocated,
        usdPerHour: sum(shapes.map(({ usdPerHour }) => usdPerHour)),
        instancesByZone: countByZone(members),
        forecasts: [
          `${service}${where}: ${members.length} instance(s) with ${allocated.vcpus} vCPUs; within ${hours(horizonMs)} h they need ${cpu.peak.toFixed(2)} vCPUs at most (quantile ${quantile}), ${cpu.average.toFixed(2)} on average`,
          ...(memory === null ? ['memory is not published: it is taken to grow with CPU'] : []),
          ...pool.map(({ forecast }) => `${forecast.metric} forecast ${forecast.origin.digest.slice(0, 16)}`),
        ],
      } satisfies ServiceDemand;
    },
  };
}

/** The service as `serviceOf` reads it: the same tags, in the same order. */
async function membersOf(compute: Pick<ComputePort, 'listTagged'>, service: string): Promise<readonly InstanceFacts[]> {
  const found = await Promise.all(SERVICE_TAGS.map((tag) => compute.listTagged(tag, service)));
  const byId = new Map(found.flat().map((facts) => [facts.instanceId, facts]));
  return [...byId.values()].filter(({ state, tags }) => state === 'running' && serviceOf(tags) === service);
}

/** Peak at the quantile and mean over the horizon, in the unit of the sum; null where no member publishes the metric. */
function loadOf(sums: readonly LocalityForecast[], metric: LoadMetric, quantile: number): { readonly peak: number; readonly average: number } | null {
  const forecast = sums.find((one) => one.forecast.metric === metric)?.forecast;
  if (forecast === undefined || forecast.mean.length === 0) return null;
  return { peak: Math.max(0, quantileAt({ levels: forecast.levels, values: forecast.peak }, quantile)), average: Math.max(0, sum(forecast.mean) / forecast.mean.length) };
}

function countByZone(members: readonly InstanceFacts[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { zone } of members) counts[zone] = (counts[zone] ?? 0) + 1;
  return counts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function hours(ms: number): string {
  return (ms / 3_600_000).toFixed(ms < 36_000_000 ? 1 : 0);
}
