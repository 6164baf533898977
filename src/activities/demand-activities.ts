import type { CapacityActivities } from '../contracts/capacity-activities';
import type { ServiceDemand } from '../domain/capacity/demand';
import { shortfallOver, type DemandPath } from '../domain/capacity/shortfall';
import { quantileAt } from '../domain/quantile-function';
import type { InstanceFacts } from './compute-port';
import { forecastPool, type PoolForecast, type PoolForecastDependencies } from './pool-forecast';

const MIB = 1_048_576;
const HOUR_MS = 3_600_000;
/** What is beyond a day tells nothing more. */
const LONGEST_HORIZON_MS = 24 * HOUR_MS;

/** What the forecasts of a service's instances say together, and what the service has. */
export function createDemandActivities(deps: PoolForecastDependencies): Pick<CapacityActivities, 'forecastDemand' | 'forecastWindow'> {
  return {
    async forecastDemand({ service, zones, horizonMs, quantile }) {
      const pool = await forecastPool(deps, { service, zones, horizonMs: Math.min(horizonMs, LONGEST_HORIZON_MS) });
      const { peak, average } = loadsOf(pool, quantile);
      const { members, shapes, allocated, cpu, memory } = pool;
      return {
        peak,
        average,
        instances: members.length,
        allocated,
        usdPerHour: shapes.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0),
        instancesByZone: countByZone(members),
        forecasts: [
          `${service}${zones === null ? '' : ` in ${zones.join(', ')}`}: ${members.length} instance(s) with ${allocated.vcpus} vCPUs; within ${hours(cpu.horizonMs)} h they need ${peak.vcpus.toFixed(2)} vCPUs at most (quantile ${quantile}), ${average.vcpus.toFixed(2)} on average`,
          ...(memory === null ? [MEMORY_UNKNOWN] : []),
          `CPU forecast ${cpu.origin.digest.slice(0, 16)}`,
        ],
      } satisfies ServiceDemand;
    },
    async forecastWindow({ service, zones, fromMs, untilMs, quantile, targetUtilizationRatio }) {
      const nowMs = deps.now();
      const horizonMs = Math.max(HOUR_MS, Math.min(untilMs - nowMs, LONGEST_HORIZON_MS));
      const pool = await forecastPool(deps, { service, zones, horizonMs });
      const { needFromMs, amounts } = shortfallOver(pathOf(pool, quantile), pool.allocated, { fromMs: Math.max(fromMs, nowMs), untilMs, targetUtilizationRatio });
      const beyond = fromMs > nowMs + horizonMs ? [`the window begins beyond the ${hours(horizonMs)} h that are forecast`] : [];
      return {
        needFromMs,
        shortfall: amounts,
        why: [
          `${service} has ${pool.allocated.vcpus} vCPUs, of which ${(targetUtilizationRatio * 100).toFixed(0)} % may be used; at quantile ${quantile} it lacks ${amounts.vcpus.toFixed(2)} vCPUs and ${(amounts.memoryMiB / 1024).toFixed(1)} GiB in the window${needFromMs === null ? '' : `, first at ${new Date(needFromMs).toISOString()}`}`,
          ...beyond,
          ...(pool.memory === null ? [MEMORY_UNKNOWN] : []),
          `CPU forecast ${pool.cpu.origin.digest.slice(0, 16)}`,
        ],
      };
    },
  };
}

const MEMORY_UNKNOWN = 'memory is not published: it is taken to grow with CPU';

function loadsOf({ cpu, memory, allocated }: PoolForecast, quantile: number): Pick<ServiceDemand, 'peak' | 'average'> {
  const peakOf = ({ levels, peak }: PoolForecast['cpu']): number => Math.max(0, quantileAt({ levels, values: peak }, quantile));
  const averageOf = ({ mean }: PoolForecast['cpu']): number => Math.max(0, mean.reduce((sum, value) => sum + value, 0) / mean.length);
  const withMemory = (vcpus: number, bytes: number | null) => ({ vcpus, memoryMiB: bytes === null ? (allocated.memoryMiB * vcpus) / allocated.vcpus : bytes / MIB });
  return { peak: withMemory(peakOf(cpu), memory && peakOf(memory)), average: withMemory(averageOf(cpu), memory && averageOf(memory)) };
}

function pathOf({ cpu, memory, allocated }: PoolForecast, quantile: number): DemandPath {
  const at = ({ levels, quantiles }: PoolForecast['cpu'], i: number): number => Math.max(0, quantileAt({ levels, values: quantiles[i] ?? [] }, quantile));
  const vcpus = cpu.quantiles.map((_, i) => at(cpu, i));
  const memoryMiB = vcpus.map((value, i) => (memory === null || memory.quantiles[i] === undefined ? (allocated.memoryMiB * value) / allocated.vcpus : at(memory, i) / MIB));
  return { startAtMs: cpu.issuedAtMs + cpu.stepMs, stepMs: cpu.stepMs, vcpus, memoryMiB };
}

function countByZone(members: readonly InstanceFacts[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { zone } of members) counts[zone] = (counts[zone] ?? 0) + 1;
  return counts;
}

function hours(ms: number): string {
  return (ms / HOUR_MS).toFixed(ms < 10 * HOUR_MS ? 1 : 0);
}
