import { planFleet } from '../../domain/fleet-plan/plan-fleet';
import type { Pool } from '../../domain/fleet-plan/fleet-snapshot';
import type { FleetPlanPolicy } from '../../domain/fleet-plan/plan-policy';
import { weighInstance, type WeighedInstance } from '../../domain/fleet-plan/weigh-instance';
import type { DemandForecasts } from './demand-forecasts';
import type { FleetCase } from './fleet-case';
import type { InstanceRun } from './instance-run';
import type { FleetPolicy } from './replay';

const POOL = 'replayed';

/** The product's own plan, made at every step from forecasts of what was known; what is due begins. */
export function createForeshiftPolicy(forecasts: DemandForecasts, policy: FleetPlanPolicy): FleetPolicy {
  return {
    name: 'foreshift',
    async decide({ fleet, runs, knownSteps, nowMs }) {
      const instances: WeighedInstance[] = [];
      for (const [index, run] of runs.entries()) {
        const cpuPercent = await forecasts.latest(index, knownSteps, run.serving.vcpus);
        instances.push(weighInstance(factsOf(run), cpuPercent === null ? {} : { cpuPercent }, fleet.shapes, policy, nowMs));
      }
      const { moves } = planFleet({ atMs: nowMs, instances, pools: [poolOf(fleet)] }, policy);
      const due = moves.filter(({ startAtMs }) => startAtMs <= nowMs);
      return due.flatMap(({ instanceId, toShape }) => {
        const target = fleet.shapes.find(({ name }) => name === toShape);
        return target === undefined ? [] : [{ index: runs.findIndex(({ instance }) => instance.id === instanceId), target }];
      });
    },
  };
}

function factsOf({ instance, serving, moving, lastMove }: InstanceRun) {
  return {
    instanceId: instance.id,
    name: instance.id,
    fleet: POOL,
    service: instance.service,
    slaClass: instance.slaClass,
    zone: POOL,
    poolId: POOL,
    shape: serving,
    dependencies: [],
    unhealthy: false,
    stateBytes: 0,
    burst: null,
    lastMove: lastMove === null ? null : { ...lastMove, fromPoolId: POOL },
    migrating: moving,
    pinned: null,
  };
}

function poolOf({ shapes }: FleetCase): Pool {
  return { poolId: POOL, kind: 'zone', zone: POOL, fleet: null, capacityVcpus: null, freeVcpus: null, offeredShapes: shapes.map(({ name }) => name), isolated: null };
}
