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

/** A result, and what of it came in the first half of the time and in the second. */
export interface ReplayedPolicy extends ReplayResult {
  readonly halves: readonly [ReplayResult, ReplayResult];
}

const FIELDS = ['overloadMinutes', 'slaMinutes', 'usd', 'moves', 'pingPongs'] as const satisfies readonly (keyof InstanceTotals)[];

/** Replays a fleet's history under several policies side by side: each decides, then the step passes. What they forecast together is made once. */
export async function replayFleet(fleet: FleetCase, policies: readonly FleetPolicy[], onStep: (done: number, of: number) => void = () => undefined): Promise<ReplayedPolicy[]> {
  const steps = Math.max(0, ...fleet.instances.map(({ demandVcpus }) => demandVcpus.length));
  const half = Math.floor((fleet.firstStep + steps) / 2);
  const replays = policies.map((policy) => ({ policy, runs: fleet.instances.map((instance) => new InstanceRun(instance, fleet)), atHalf: fleet.instances.map(() => NOTHING) }));
  for (let step = fleet.firstStep; step < steps; step++) {
    const nowMs = fleet.startAtMs + step * fleet.stepMs;
    for (const replay of replays) {
      const { policy, runs } = replay;
      if (step === half) replay.atHalf = runs.map(({ totals }) => ({ ...totals }));
      const orders = await policy.decide({ fleet, runs, knownSteps: Math.max(1, step - fleet.metricDelaySteps), nowMs });
      for (const { index, target } of orders) runs[index]?.begin(target, nowMs);
      for (const run of runs) run.pass(step, nowMs);
    }
    onStep(step - fleet.firstStep + 1, steps - fleet.firstStep);
  }
  return replays.map(({ policy: { name }, runs, atHalf }) => {
    const totals = runs.map((run) => run.totals);
    return { ...resultOf(name, totals), halves: [resultOf(name, atHalf), resultOf(name, totals.map((one, i) => combine([one, atHalf[i] ?? NOTHING], (values) => (values[0] ?? 0) - (values[1] ?? 0))))] };
  });
}

const NOTHING: InstanceTotals = { overloadMinutes: 0, slaMinutes: 0, usd: 0, moves: 0, pingPongs: 0 };

function resultOf(policy: string, instances: readonly InstanceTotals[]): ReplayResult {
  return { policy, instances, ...combine(instances, (values) => values.reduce((sum, value) => sum + value, 0)) };
}

function combine(all: readonly InstanceTotals[], by: (values: readonly number[]) => number): InstanceTotals {
  return Object.fromEntries(FIELDS.map((field) => [field, by(all.map((one) => one[field]))])) as unknown as InstanceTotals;
}
