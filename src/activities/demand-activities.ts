import type { CapacityActivities, OwnRunning } from '../contracts/capacity-activities';
import { FLEET_TAG, GROUP_NAME_TAG, OWNER_TAG } from '../contracts/workflow-ids';
import { countByZone } from '../domain/capacity/count-by-zone';
import type { ServiceDemand } from '../domain/capacity/demand';
import { shortfallOver, type DemandPath } from '../domain/capacity/shortfall';
import { quantileAt } from '../domain/quantile-function';
import type { InstanceFacts } from './compute-port';
import type { OwnedCapacityPort } from './owned-capacity-port';
import { forecastPool, type PoolForecast, type PoolForecastDependencies } from './pool-forecast';

const MIB = 1_048_576;
const HOUR_MS = 3_600_000;
/** What is beyond a day tells nothing more. */
const LONGEST_HORIZON_MS = 24 * HOUR_MS;

export interface DemandDependencies extends PoolForecastDependencies {
  readonly owned: OwnedCapacityPort;
}

/** What the forecasts of a service's instances say together, and what the service has. */
export function createDemandActivities(deps: DemandDependencies): Pick<CapacityActivities, 'forecastDemand' | 'forecastWindow'> {
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
    async forecastWindow({ service, zones, fromMs, untilMs, quantile, targetUtilizationRatio, own }) {
      const nowMs = deps.now();
      const horizonMs = Math.max(HOUR_MS, Math.min(untilMs - nowMs, LONGEST_HORIZON_MS));
      const pool = await forecastPool(deps, { service, zones, horizonMs });
      const free = await freeReservations(deps, pool.members, zones);
      const lent = own === undefined ? NOTHING : lentBy(pool, own);
      const there = { vcpus: pool.allocated.vcpus + free.vcpus - lent.vcpus, memoryMiB: pool.allocated.memoryMiB + free.memoryMiB - lent.memoryMiB };
      const { needFromMs, amounts } = shortfallOver(pathOf(pool, quantile), there, { fromMs: Math.max(fromMs, nowMs), untilMs, targetUtilizationRatio });
      const beyond = fromMs > nowMs + horizonMs ? [`the window begins beyond the ${hours(horizonMs)} h that are forecast`] : [];
      return {
        needFromMs,
        shortfall: amounts,
        why: [
          `${service} has ${pool.allocated.vcpus} vCPUs, of which ${(targetUtilizationRatio * 100).toFixed(0)} % may be used; at quantile ${quantile} it lacks ${amounts.vcpus.toFixed(2)} vCPUs and ${(amounts.memoryMiB / 1024).toFixed(1)} GiB in the window${needFromMs === null ? '' : `, first at ${new Date(needFromMs).toISOString()}`}`,
          ...(free.vcpus > 0 ? [`reservations of the account's own have ${free.vcpus} vCPUs free for its fleet (${free.ids.join(', ')}): they count as there`] : []),
          ...(lent.vcpus > 0 ? [`${lent.vcpus} of its vCPUs run for this hold alone: they do not count as there`] : []),
          ...beyond,
          ...(pool.memory === null ? [MEMORY_UNKNOWN] : []),
          `CPU forecast ${pool.cpu.origin.digest.slice(0, 16)}`,
        ],
      };
    },
  };
}

const NOTHING = { vcpus: 0, memoryMiB: 0 };
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

/** What operators' own reservations in the zones hold free for the members' fleets: the first rung, which costs nothing more. */
async function freeReservations({ owned, compute }: DemandDependencies, members: readonly InstanceFacts[], zones: readonly string[] | null): Promise<{ readonly vcpus: number; readonly memoryMiB: number; readonly ids: readonly string[] }> {
  const fleets = new Set(members.flatMap(({ tags }) => tags[FLEET_TAG] ?? []));
  const free = (await owned.list()).filter(({ kind, fleet, zone, freeVcpus }) => kind === 'reservation' && fleet !== null && fleets.has(fleet) && freeVcpus > 0 && (zones?.includes(zone) ?? true));
  const memory = await Promise.all(
    free.map(async ({ shapes: [name = ''], freeVcpus }) => {
      const { vcpus, memoryMiB } = await compute.shape(name);
      return (memoryMiB * freeVcpus) / vcpus;
    }),
  );
  return { vcpus: free.reduce((sum, { freeVcpus }) => sum + freeVcpus, 0), memoryMiB: memory.reduce((sum, value) => sum + value, 0), ids: free.map(({ capacityId }) => capacityId) };
}

/** What of a pool's allocation runs only because a hold launched it: what the owner's tag is on, and the newest of the group that was raised. */
function lentBy({ members, shapes }: PoolForecast, { owner, group }: OwnRunning): { readonly vcpus: number; readonly memoryMiB: number } {
  const newest = members.filter(({ tags }) => group !== null && tags[GROUP_NAME_TAG] === group.name).toSorted((a, b) => b.launchedAtMs - a.launchedAtMs).slice(0, group?.count ?? 0);
  const own = shapes.filter((_, i) => {
    const member = members[i];
    return member !== undefined && (member.tags[OWNER_TAG] === owner.workflowId || newest.includes(member));
  });
  return { vcpus: own.reduce((sum, { vcpus }) => sum + vcpus, 0), memoryMiB: own.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0) };
}

function hours(ms: number): string {
  return (ms / HOUR_MS).toFixed(ms < 10 * HOUR_MS ? 1 : 0);
}
