import type { Shape } from '../../domain/shape';
import type { FleetCase } from './fleet-case';
import { InstanceRun, type InstanceTotals } from './instance-run';

/** What a policy may look at: nothing later than `knownSteps`. */
export interface FleetView {
  readonly fleet: FleetCase;
  readonly runs: readonly InstanceRun[];
  /** Steps whose values are known. */
  readonly knownSteps: number;
  readonly nowMs: number;
}

export interface MoveOrder {
  /** Place among the instances. */
  readonly index: number;
  readonly target: Shape;
}

/** Something that decides once a step which moves begin. */
export interface FleetPolicy {
  readonly name: string;
  decide(view: FleetView): Promise<readonly MoveOrder[]> | readonly MoveOrder[];
}

/** What a policy made of a fleet's history. */
export interface ReplayResult extends InstanceTotals {
  readonly policy: string;
  readonly instances: readonly InstanceTotals[];
}

/** Replays a fleet's history under a policy: decide, then let the step pass. */
export async function replayFleet(fleet: FleetCase, policy: FleetPolicy, onStep?: (done: number, of: number) => void): Promise<ReplayResult> {
  return (await replayTogether(fleet, [policy], onStep))[0] as ReplayResult;
}

/** Replays a fleet's history under several policies side by side, each with instances of its own: those that ask the same forecasts ask them at the same step. */
export async function replayTogether(fleet: FleetCase, policies: readonly FleetPolicy[], onStep: (done: number, of: number) => void = () => undefined): Promise<ReplayResult[]> {
  const sides = policies.map((policy) => ({ policy, runs: fleet.instances.map((instance) => new InstanceRun(instance, fleet)) }));
  const steps = Math.max(0, ...fleet.instances.map(({ demandVcpus }) => demandVcpus.length));
  for (let step = fleet.firstStep; step < steps; step++) {
    const nowMs = fleet.startAtMs + step * fleet.stepMs;
    for (const { policy, runs } of sides) {
      const orders = await policy.decide({ fleet, runs, knownSteps: Math.max(1, step - fleet.metricDelaySteps), nowMs });
      for (const { index, target } of orders) runs[index]?.begin(target, nowMs);
      for (const run of runs) run.pass(step, nowMs);
    }
    onStep(step - fleet.firstStep + 1, steps - fleet.firstStep);
  }
  return sides.map(({ policy, runs }) => ({ policy: policy.name, instances: runs.map(({ totals }) => totals), ...sum(runs.map(({ totals }) => totals)) }));
}

function sum(all: readonly InstanceTotals[]): InstanceTotals {
  const total = (field: keyof InstanceTotals): number => all.reduce((so, one) => so + one[field], 0);
  return { overloadMinutes: total('overloadMinutes'), slaMinutes: total('slaMinutes'), usd: total('usd'), moves: total('moves'), pingPongs: total('pingPongs') };
}
