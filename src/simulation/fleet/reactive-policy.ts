import type { Shape } from '../../domain/shape';
import type { InstanceRun } from './instance-run';
import type { FleetPolicy, FleetView, MoveOrder } from './replay';
import { smallestShape } from './smallest-shape';

/** Target tracking scales in only below this part of the target (EC2 Auto Scaling's alarm for scale-in). */
const SCALE_IN_SHARE = 0.9;
/** EC2 Auto Scaling's scale-in alarm wants 15 datapoints of one minute. */
const SCALE_IN_MS = 900_000;

/** No policy: every instance stays what it is. */
export const holdPolicy: FleetPolicy = { name: 'hold', decide: () => [] };

/**
 * Target tracking as EC2 Auto Scaling documents it, on the size of an instance instead of a number of them: out as soon as a known value is above the target, in after
 * 15 minutes below 90 % of it, to the size that brings the use to the target. It knows what CloudWatch knows, which is late.
 */
export function createReactivePolicy(targetPercent: number): FleetPolicy {
  return {
    name: `reactive-${targetPercent}`,
    decide: (view) => view.runs.flatMap((run, index) => orderOf(run, index, reactiveShape(view, run, targetPercent))),
  };
}

/** The size that target tracking would take now; the serving one where no alarm is on. */
export function reactiveShape({ fleet, knownSteps }: FleetView, run: InstanceRun, targetPercent: number): Shape {
  const { demandVcpus } = run.instance;
  const steps = Math.max(1, Math.round(SCALE_IN_MS / fleet.stepMs));
  const recent = demandVcpus.subarray(Math.max(0, knownSteps - steps), knownSteps).filter((value) => !Number.isNaN(value));
  const last = recent.at(-1);
  if (last === undefined) return run.serving;
  const target = (run.serving.vcpus * targetPercent) / 100;
  if (last > target) return smallestShape(run.shapes, last, targetPercent);
  const highest = Math.max(...recent);
  if (recent.length === steps && highest < target * SCALE_IN_SHARE) return smallestShape(run.shapes, highest, targetPercent);
  return run.serving;
}

export function orderOf(run: InstanceRun, index: number, target: Shape): MoveOrder[] {
  return run.moving || target.name === run.serving.name ? [] : [{ index, target }];
}
