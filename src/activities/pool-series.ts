import { FLEET_TAG } from '../contracts/workflow-ids';
import { LOAD_ORIGIN } from '../domain/collected-metric';
import { boundsOf, LOAD_METRICS } from '../domain/forecast';
import { asLoads } from '../domain/load-on-grid';
import { serviceOf } from '../domain/service-of';
import { withoutLeadingGap, type LoadSeries } from '../forecasting/load-series';
import type { ComputePort, InstanceFacts } from './compute-port';
import { STEP_MS } from './forecast-loads';
import type { MetricHistoryStore } from './metric-history-port';

const HISTORY_MS = 28 * 86_400_000;
/** Two days: less bears no comparison. */
const SHORTEST_STEPS = 576;

/** The fleet's running instances by pool. */
export async function instancesByPool(compute: Pick<ComputePort, 'listTagged'>, fleet: string | null): Promise<Map<string, InstanceFacts[]>> {
  const pools = new Map<string, InstanceFacts[]>();
  for (const facts of await compute.listTagged(FLEET_TAG, fleet)) {
    const pool = serviceOf(facts.tags);
    const members = pools.get(pool);
    if (members === undefined) pools.set(pool, [facts]);
    else members.push(facts);
  }
  return pools;
}

/** At most `maxSeries` load series of a pool out of the history, up to the last complete step; too short ones are left out. Evenly picked where there are more. */
export async function poolSeries(
  { compute, history }: { readonly compute: Pick<ComputePort, 'listTagged'>; readonly history: MetricHistoryStore },
  { fleet, pool, maxSeries, nowMs }: { readonly fleet: string | null; readonly pool: string; readonly maxSeries: number; readonly nowMs: number },
): Promise<LoadSeries[]> {
  const members = (await instancesByPool(compute, fleet)).get(pool) ?? [];
  const wanted = members.map(({ instanceId }) => instanceId).toSorted().flatMap((instanceId) => LOAD_METRICS.map((metric) => ({ instanceId, metric })));
  const endAtMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const range = { startAtMs: endAtMs - HISTORY_MS, endAtMs };
  const found: LoadSeries[] = [];
  // One beside the other, so that a large pool's history is never in memory at once.
  for (const i of evenly(wanted.length, Math.min(wanted.length, maxSeries * LOAD_METRICS.length))) {
    const { instanceId, metric } = wanted[i] as (typeof wanted)[number];
    const [stored] = await history.read([{ resource: instanceId, metric: LOAD_ORIGIN[metric].metric, stepMs: STEP_MS }], range);
    const values = asLoads(metric, stored?.values, STEP_MS);
    const series = withoutLeadingGap({ id: `${instanceId}/${metric}`, startAtMs: range.startAtMs, stepMs: STEP_MS, values, bounds: boundsOf(metric) });
    if (series.values.length >= SHORTEST_STEPS && series.values.some((value) => value !== null)) found.push(series);
  }
  return evenly(found.length, Math.min(found.length, maxSeries)).map((i) => found[i] as LoadSeries);
}

/** `count` places among `length`, evenly spread. */
function evenly(length: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
}
