import type { PlanStore, StoredPlan } from '../../../activities/plan-port';
import { newestRecords } from '../../../adapters/postgres/audit-query';
import type { Database } from '../../../adapters/postgres/database';
import { createForecastReader } from '../../../adapters/postgres/forecast-reader';
import { createMetricHistory } from '../../../adapters/postgres/metric-history';
import { latestPlanHeads } from '../../../adapters/postgres/plan-heads';
import { LOAD_ORIGIN } from '../../../domain/collected-metric';
import type { WeighedInstance } from '../../../domain/fleet-plan/weigh-instance';
import { LOAD_METRICS, byMetric, subjectName } from '../../../domain/forecast';
import { asLoads } from '../../../domain/load-on-grid';
import type { InstancesView } from '../../instance-api';
import { sharedRead } from '../shared-read';
import type { InstancePorts } from './console-ports';
import { atRisk, forecastView, instanceRow, outlookOf, overloadOf } from './instance-views';

const PLANS_LOOKED_AT = 50;
const KEPT_MS = 10_000;
const STEP_MS = 300_000;
/** What is called now: the last value that was collected within this time. */
const NOW_MS = 2 * 3_600_000;
const CHART_PAST_MS = 2 * 86_400_000;
/** Of those that are expected to run out, so many, the worst first, are told when; the others that they do. A forecast is tens of kilobytes. */
const MOST_TIMED = 100;
const EVENTS_SHOWN = 40;

/** One fleet's instances, as its latest plan found them. */
interface Seen {
  readonly plan: StoredPlan;
  readonly weighed: readonly WeighedInstance[];
}

/** The fleet as the latest tick of each fleet saw it, its forecasts and what was measured, by the stores. */
export function openInstances(db: Database, plans: PlanStore): InstancePorts {
  const forecasts = createForecastReader(db);
  const history = createMetricHistory(db);
  let seen: { readonly ids: string; readonly fleets: readonly Seen[]; readonly onsets: ReadonlyMap<string, number> } = { ids: '', fleets: [], onsets: new Map() };

  /** Plans never change: what was read of them is kept until there is a newer one. */
  async function latest(): Promise<typeof seen> {
    const heads = await latestPlanHeads(db, PLANS_LOOKED_AT);
    const newest = heads.filter(({ fleet }, i) => heads.findIndex((one) => one.fleet === fleet) === i);
    const ids = newest.map(({ planId }) => planId).join();
    if (ids === seen.ids) return seen;
    const fleets: Seen[] = [];
    for (const { planId } of newest) {
      const plan = await plans.readPlan(planId);
      if (plan !== null) fleets.push({ plan, weighed: await plans.readWeighed(plan.tickId) });
    }
    seen = { ids, fleets, onsets: await onsetsOf(fleets, Date.now()) };
    return seen;
  }

  async function cpuNow(instanceIds: readonly string[], nowMs: number): Promise<Map<string, number>> {
    const keys = instanceIds.map((resource) => ({ resource, metric: LOAD_ORIGIN.cpuPercent.metric, stepMs: STEP_MS }));
    const found = await history.read(keys, { startAtMs: nowMs - NOW_MS, endAtMs: nowMs });
    return new Map(found.flatMap(({ key, values }) => {
      const last = values.findLast((value) => value !== null);
      return last === undefined || last === null ? [] : [[key.resource, last] as const];
    }));
  }

  /** When the loads of those that are at risk pass their limits. */
  async function onsetsOf(fleets: readonly Seen[], nowMs: number): Promise<Map<string, number>> {
    const risky = fleets.flatMap(({ plan, weighed }) => weighed.filter(atRisk).map((instance) => ({ instance, plan }))).toSorted((a, b) => overloadOf(b.instance) - overloadOf(a.instance)).slice(0, MOST_TIMED);
    const found = risky.length === 0 ? [] : await forecasts.newest(risky.map(({ instance }) => instance.instanceId));
    return new Map(risky.flatMap(({ instance, plan }) => {
      const own = found.filter(({ subject }) => subjectName(subject) === instance.instanceId);
      const { onsetAtMs } = outlookOf(byMetric(own), { instance, policy: plan.policy, horizonMs: plan.policy.sizing.horizonMs, nowMs });
      return onsetAtMs === null ? [] : [[instance.instanceId, onsetAtMs] as const];
    }));
  }

  const readInstances = sharedRead(async (): Promise<InstancesView> => {
    const nowMs = Date.now();
    // Newest first: where an instance is in plans of its fleet and of all fleets, the newer one counts.
    const { fleets, onsets } = await latest();
    const known = new Map<string, { readonly instance: WeighedInstance; readonly plan: StoredPlan }>();
    for (const { plan, weighed } of fleets) for (const instance of weighed) if (!known.has(instance.instanceId)) known.set(instance.instanceId, { instance, plan });
    const now = await cpuNow([...known.keys()], nowMs);
    const byPlan = new Map(fleets.map(({ plan }) => [plan.planId, { moves: new Map(plan.plan.moves.map((move) => [move.instanceId, move])), held: new Map(plan.plan.held.map((held) => [held.instanceId, held])) }]));
    const rows = [...known.values()].map(({ instance, plan }) => {
      const its = byPlan.get(plan.planId);
      return instanceRow(instance, plan, { move: its?.moves.get(instance.instanceId) ?? null, held: its?.held.get(instance.instanceId) ?? null, cpuPercent: now.get(instance.instanceId) ?? null, onsetAtMs: onsets.get(instance.instanceId) ?? null });
    });
    const [first] = fleets;
    const policy = first?.plan.policy;
    return { atMs: first?.plan.atMs ?? null, horizonMs: policy?.sizing.horizonMs ?? 0, quantile: policy?.poolQuantile ?? 0, cpuLimitPercent: policy?.sizing.limitPercent.cpu ?? 100, rows };
  }, KEPT_MS);

  return {
    readInstances,
    async readInstance(instanceId) {
      const [{ rows }, newest] = await Promise.all([readInstances(), forecasts.newest([instanceId])]);
      const move = seen.fleets.flatMap(({ plan }) => plan.plan.moves).find((one) => one.instanceId === instanceId) ?? null;
      const ordered = LOAD_METRICS.flatMap((metric) => newest.filter((one) => one.metric === metric));
      return { instanceId, row: rows.find((one) => one.instanceId === instanceId) ?? null, move, forecasts: ordered.map(({ metric, issuedAtMs, horizonMs }) => ({ metric, issuedAtMs, horizonMs })) };
    },
    async readForecast(instanceId, metric, horizonMs) {
      const nowMs = Date.now();
      const forecast = await forecasts.reaching(instanceId, metric, horizonMs);
      if (forecast === null) return null;
      const origin = LOAD_ORIGIN[metric];
      const [{ fleets }, [measured], outcomes, phases] = await Promise.all([
        latest(),
        history.read([{ resource: instanceId, metric: origin.metric, stepMs: STEP_MS }], { startAtMs: Math.min(forecast.issuedAtMs, nowMs) - CHART_PAST_MS, endAtMs: nowMs }),
        newestRecords(db, { instanceId, kind: 'outcome' }, EVENTS_SHOWN),
        newestRecords(db, { instanceId, kind: 'phase' }, EVENTS_SHOWN),
      ]);
      const values = asLoads(metric, measured?.values, STEP_MS);
      const found = fleets.flatMap(({ plan, weighed }) => weighed.filter((one) => one.instanceId === instanceId).map((instance) => ({ instance, plan })))[0] ?? null;
      return forecastView(forecast, { horizonMs, nowMs, of: found, actual: { startAtMs: measured?.startAtMs ?? nowMs, stepMs: STEP_MS, values }, records: [...outcomes, ...phases] });
    },
  };
}
