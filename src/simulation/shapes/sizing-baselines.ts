import type { InstanceRun } from '../fleet/instance-run';
import { orderOf } from '../fleet/reactive-policy';
import type { FleetPolicy, FleetView } from '../fleet/replay';
import { cheapestHolding, demandQuantile } from './cheapest-holding';

const DAY_MS = 86_400_000;
/** Compute Optimizer looks back 14 days unless it is told otherwise. */
const LOOK_BACK_MS = 14 * DAY_MS;
const IN_WINDOW_MS = 3_600_000;

/** One shape for ever: the cheapest that holds the highest demand that was known when the replay began, at the limit above which it would count as overloaded. */
export function createFixedPolicy(): FleetPolicy {
  return {
    name: 'fixed by max',
    decide: ({ fleet, runs, knownSteps, nowMs }) => {
      if (nowMs > fleet.startAtMs + fleet.firstStep * fleet.stepMs) return [];
      return runs.flatMap((run, index) => {
        const demand = demandQuantile(run, 0, knownSteps, 1);
        return demand === null ? [] : orderOf(run, index, cheapestHolding(run.shapes, demand, fleet.limitPercent));
      });
    },
  };
}

/** Reactive resizing: as soon as a known value is above `upPercent`, and where all of the last hour are below `downPercent`, to the cheapest shape that brings the highest of them midway. */
export function createThresholdPolicy(upPercent: number, downPercent: number): FleetPolicy {
  return {
    name: `threshold ${upPercent}/${downPercent}`,
    decide: (view) => view.runs.flatMap((run, index) => (isAlarmed(view, run, upPercent, downPercent) ? orderOf(run, index, midway(view, run, (upPercent + downPercent) / 2)) : [])),
  };
}

function isAlarmed({ fleet, knownSteps }: FleetView, run: InstanceRun, upPercent: number, downPercent: number): boolean {
  const last = useOf(run, demandQuantile(run, knownSteps - 1, knownSteps, 1));
  if (last !== null && last > upPercent) return true;
  const hour = useOf(run, demandQuantile(run, knownSteps - Math.round(IN_WINDOW_MS / fleet.stepMs), knownSteps, 1));
  return hour !== null && hour < downPercent;
}

function midway({ fleet, knownSteps }: FleetView, run: InstanceRun, percent: number) {
  const demand = demandQuantile(run, knownSteps - Math.round(IN_WINDOW_MS / fleet.stepMs), knownSteps, 1);
  return demand === null ? run.serving : cheapestHolding(run.shapes, demand, percent);
}

/** The busier resource of the serving shape, in percent. */
function useOf({ serving }: InstanceRun, demand: ReturnType<typeof demandQuantile>): number | null {
  return demand === null ? null : 100 * Math.max(demand.vcpus / serving.vcpus, demand.memoryMiB / serving.memoryMiB);
}

/**
 * Right-sizing as AWS Compute Optimizer documents it: once a day, the cheapest shape on which the threshold quantile of the last 14 days of CPU and of memory leaves the headroom free. Its
 * default is P99.5 with 20 % (API reference, PutRecommendationPreferences), where the threshold is that of CPU alone; here it holds for memory too. Its model of machines is not published.
 */
export function createPercentilePolicy(quantile: number, headroomPercent: number): FleetPolicy {
  return {
    name: `P${quantile * 100} + ${headroomPercent} %`,
    decide: ({ fleet, runs, knownSteps, nowMs }) => {
      if ((nowMs - fleet.startAtMs - fleet.firstStep * fleet.stepMs) % DAY_MS !== 0) return [];
      return runs.flatMap((run, index) => {
        const demand = demandQuantile(run, knownSteps - Math.round(LOOK_BACK_MS / fleet.stepMs), knownSteps, quantile);
        return demand === null ? [] : orderOf(run, index, cheapestHolding(run.shapes, demand, 100 - headroomPercent));
      });
    },
  };
}
