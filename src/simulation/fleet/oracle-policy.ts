import { planShapeSchedule } from '../../domain/sizing/shape-schedule';
import { moveUsd, overloadUsdPerHour } from '../../domain/sizing/size-instance';
import type { SizingPolicy } from '../../domain/sizing/sizing-policy';
import type { FleetCase } from './fleet-case';
import type { InstanceRun } from './instance-run';
import type { FleetPolicy, MoveOrder } from './replay';

/**
 * Perfect foresight: the cheapest sizes through the whole history with the same moves and the same worth of overload. What it reaches no forecast can beat by much;
 * the distance to it is the regret.
 */
export function createOraclePolicy(policy: SizingPolicy): FleetPolicy {
  const known = new Map<string, ReadonlyMap<number, number>>();
  return {
    name: 'oracle',
    decide: ({ fleet, runs, nowMs }) =>
      runs.flatMap((run, index): MoveOrder[] => {
        const orders = known.get(run.instance.id) ?? ordersOf(fleet, run, policy);
        known.set(run.instance.id, orders);
        const option = orders.get(Math.round((nowMs - fleet.startAtMs) / fleet.stepMs));
        const target = option === undefined ? undefined : run.shapes[option];
        return target === undefined ? [] : [{ index, target }];
      }),
  };
}

/** By the step at which a move begins: the shape, as a place among those that it may become. */
function ordersOf(fleet: FleetCase, { instance: { demandVcpus, shape, slaClass }, shapes }: InstanceRun, policy: SizingPolicy): Map<number, number> {
  const { stepMs, estimate, firstStep, limitPercent } = fleet;
  const hourly = overloadUsdPerHour(shape, slaClass, policy);
  const leadSteps = Math.ceil(estimate.leadMs / stepMs);
  const options = shapes.map((one) => ({
    usdPerHour: one.usdPerHour,
    chance: demandVcpus.subarray(firstStep).map((demand) => (demand > (one.vcpus * limitPercent) / 100 ? 1 : 0)),
    moveUsd: moveUsd(one, estimate, hourly, slaClass, policy),
  }));
  const { changes } = planShapeSchedule({
    options,
    present: shapes.findIndex(({ name }) => name === shape.name),
    blockMs: stepMs,
    earliestBlock: leadSteps,
    dwellBlocks: Math.ceil(estimate.doubleRunningMs / stepMs) + 1,
    overloadUsdPerHour: hourly,
  });
  return new Map(changes.map(({ option, block }) => [firstStep + block - leadSteps, option]));
}
