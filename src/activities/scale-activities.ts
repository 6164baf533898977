import { businessFailure } from '../contracts/errors';
import type { ScaleActivities, ScalingCalendar, WeighWorkloadArgs } from '../contracts/scale-workload';
import type { ProfileTags } from '../domain/profiles/workload-tag';
import { decideScaling } from '../domain/workload-scaling/decide-scaling';
import type { PeakWindow, ScalingLook, ScalingMemory } from '../domain/workload-scaling/scaling-look';
import { parseWorkloadTag } from '../domain/profiles/workload-tag';
import { parseCalendar } from '../forecasting/events/parse-calendar';
import { parseEvents } from '../forecasting/events/parse-events';
import { InvalidSeriesError } from '../forecasting/invalid-series-error';
import type { MetricsPort } from './metrics-port';
import { seeCapacity, type CapacityDependencies } from './see-capacity';
import type { WorkloadMembersPort } from './workload-members-port';
import type { WorkloadProfilePort } from './workload-profile-port';

export interface ScaleDependencies extends CapacityDependencies {
  readonly members: WorkloadMembersPort;
  readonly metrics: Pick<MetricsPort, 'loadSeries'>;
  readonly profiles: WorkloadProfilePort;
}

const MINUTE_MS = 60_000;
/** Present use: the newest value of each member in so many minutes. */
const FRESH_MINUTES = 15;
/** What a burst is predicted from: as much as its level before takes, and a little more. */
const RECENT_STEP_MS = 5 * MINUTE_MS;
const RECENT_STEPS = 48;

/** Sees workloads and decides of their capacity. */
export function createScaleActivities(deps: ScaleDependencies): ScaleActivities {
  return {
    async weighWorkload(args) {
      const { tag, by, metric, policy, calendar, nowMs } = args;
      const tags = parseWorkloadTag(tag);
      if (tags === null) throw businessFailure('InvalidInput', `tag is "${tag}"; expected tags such as "app=web"`);
      const members = await deps.members.membersOf(tags);
      if (members.length === 0) return { kind: 'empty', reason: `no running instance has the tags ${tag}` };
      const capacity = await seeCapacity(deps, args, members);
      const ids = by.kind === 'shape' ? by.instanceIds : members;
      const usePercent = await useNow(deps.metrics, ids, metric, nowMs);
      const band = await deps.profiles.bandNow({ tags, metric, nowMs });
      const memory = await withBurst(deps, args, tags, ids, capacity.servingCapacity);
      const windows = calendar === null ? [] : windowsOf(calendar, nowMs, policy.leadMs);
      const look: ScalingLook = { nowMs, usePercent, band, windows, ...capacity };
      const { decision, memory: next } = decideScaling(policy, memory, look);
      const target = decision.kind === 'hold' ? null : (look.steps[decision.to]?.name ?? null);
      return {
        kind: 'weighed',
        decision,
        memory: next,
        baseShape: capacity.baseShape,
        instances: capacity.instances,
        present: look.steps[look.present]?.name ?? 'nothing',
        target,
        by: by.kind === 'group' && decision.kind !== 'hold' ? decision.to - look.present : null,
        members: ids.length,
        usePercent,
        notes: [
          ...(band === null ? [`there is no profile of ${tag}: the limit of ${policy.limitPercent} % stands in for its bound, and no bursts are predicted`] : band.notes),
          ...(usePercent === null ? [`${metric} of no member was measured in the last ${FRESH_MINUTES} minutes: only what is announced is prepared for`] : []),
        ],
      };
    },
  };
}

async function useNow(metrics: Pick<MetricsPort, 'loadSeries'>, members: readonly string[], metric: WeighWorkloadArgs['metric'], nowMs: number): Promise<number | null> {
  const series = await metrics.loadSeries(members, rangeBefore(nowMs, FRESH_MINUTES, MINUTE_MS));
  return meanOf(series.filter((one) => one.metric === metric).map(({ values }) => values.findLast((value) => value !== null) ?? null));
}

/** The profile is asked again when the last answer is old. */
async function withBurst({ metrics, profiles }: ScaleDependencies, { metric, policy, memory, nowMs }: WeighWorkloadArgs, tags: ProfileTags, members: readonly string[], capacity: number): Promise<ScalingMemory> {
  if (memory.askedAtMs !== null && nowMs - memory.askedAtMs < policy.burstPredictionIntervalMs) return memory;
  const range = rangeBefore(nowMs, RECENT_STEPS, RECENT_STEP_MS);
  const series = (await metrics.loadSeries(members, range)).filter((one) => one.metric === metric);
  const values = Array.from({ length: series[0]?.values.length ?? 0 }, (_, i) => meanOf(series.map((one) => one.values[i] ?? null)));
  const prediction = await profiles.predictBurst({ tags, metric, nowMs, withinMinutes: policy.burstWithinMinutes, recent: { startAtMs: range.startAtMs, stepMs: RECENT_STEP_MS, values } });
  return { ...memory, askedAtMs: nowMs, burst: prediction === null ? null : { prediction, askedAtMs: nowMs, capacity } };
}

/** Whole steps: the history keeps no others. */
function rangeBefore(nowMs: number, steps: number, stepMs: number): { readonly startAtMs: number; readonly endAtMs: number; readonly stepMs: number } {
  const endAtMs = Math.floor(nowMs / stepMs) * stepMs;
  return { startAtMs: endAtMs - steps * stepMs, endAtMs, stepMs };
}

function windowsOf({ ical, events, timeZone = 'UTC' }: ScalingCalendar, nowMs: number, leadMs: number): PeakWindow[] {
  const range = { fromMs: nowMs, toMs: nowMs + leadMs + 1, timeZone };
  try {
    return ical === undefined ? parseEvents(events ?? '[]', range) : parseCalendar(ical, range);
  } catch (error) {
    if (error instanceof InvalidSeriesError) throw businessFailure('InvalidInput', `calendar: ${error.message}`);
    throw error;
  }
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
