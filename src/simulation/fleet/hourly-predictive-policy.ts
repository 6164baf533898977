import type { InstanceRun } from './instance-run';
import { orderOf, reactiveShape } from './reactive-policy';
import type { FleetPolicy, FleetView } from './replay';
import { smallestShape } from './smallest-shape';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** EC2 predictive scaling learns from up to 14 days and needs one. */
const LONGEST_HISTORY_DAYS = 14;
/** EC2 predictive scaling's default SchedulingBufferTime. */
const BUFFER_MS = 300_000;

/**
 * Predictive scaling as EC2 documents it: the load of each hour from the same hour of past days (up to 14), capacity for it brought up ahead of the hour by the scheduling
 * buffer and what a launch takes, never brought down by the forecast; beside it target tracking, which also scales in, but not below what is forecast.
 * EC2's own model is not published: the mean of the same hour over the days stands for it, once of all days and once of the same weekday, the higher of them.
 */
export function createHourlyPredictivePolicy(targetPercent: number): FleetPolicy {
  return {
    name: `hourly-predictive-${targetPercent}`,
    decide: (view) =>
      view.runs.flatMap((run, index) => {
        const reactive = reactiveShape(view, run, targetPercent);
        const predicted = smallestShape(run.shapes, predictedDemand(view, run), targetPercent);
        return orderOf(run, index, predicted.vcpus > reactive.vcpus ? (predicted.vcpus >= run.serving.vcpus ? predicted : run.serving) : reactive);
      }),
  };
}

/** The highest hourly demand between now and the time at which a move that begins now would serve, in vCPUs. */
function predictedDemand(view: FleetView, run: InstanceRun): number {
  const { nowMs, fleet } = view;
  const ahead = nowMs + BUFFER_MS + fleet.estimate.leadMs;
  let highest = 0;
  for (let hour = Math.floor(nowMs / HOUR_MS) * HOUR_MS; hour <= ahead; hour += HOUR_MS) highest = Math.max(highest, hourlyMean(view, run, hour));
  return highest;
}

function hourlyMean({ fleet, knownSteps }: FleetView, { instance }: InstanceRun, hourAtMs: number): number {
  const days: number[] = [];
  const sameWeekday: number[] = [];
  for (let day = 1; day <= LONGEST_HISTORY_DAYS; day++) {
    const from = Math.round((hourAtMs - day * DAY_MS - fleet.startAtMs) / fleet.stepMs);
    const to = from + Math.round(HOUR_MS / fleet.stepMs);
    if (from < 0 || to > knownSteps) continue;
    const mean = meanOf(instance.demandVcpus.subarray(from, to));
    if (mean === null) continue;
    days.push(mean);
    if (day % 7 === 0) sameWeekday.push(mean);
  }
  return Math.max(0, ...[days, sameWeekday].map((some) => some.reduce((sum, one) => sum + one, 0) / Math.max(1, some.length)));
}

function meanOf(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
