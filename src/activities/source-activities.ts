import { businessFailure, retryableFailure } from '../contracts/errors';
import type { MigrationActivities } from '../contracts/migration-activities';
import { FLEET_TAG } from '../contracts/workflow-ids';
import type { BalancerPort } from './balancer-port';
import type { ComputePort } from './compute-port';
import type { DiskPort } from './disk-port';
import { stateOf } from './instance-state';
import type { OwnedCapacityPort } from './owned-capacity-port';
import { sourceSnapshotOf } from './source-snapshot-of';

type SourceActivities = Pick<MigrationActivities, 'describeSource' | 'listTargetOptions' | 'verifySourceIdle' | 'verifySourceServes' | 'terminateSource' | 'awaitInstanceTerminated'>;

export interface SourceDependencies {
  readonly compute: ComputePort;
  readonly disks: DiskPort;
  readonly balancer: BalancerPort;
  readonly owned: OwnedCapacityPort;
  /** The worker's own. */
  readonly region: string;
}

/** What is read of, and in the end done to, the instance that is moved. */
export function createSourceActivities({ compute, disks, balancer, owned, region }: SourceDependencies): SourceActivities {
  return {
    async describeSource({ instanceId }) {
      const facts = await compute.describe(instanceId);
      if (facts.state !== 'running') {
        throw businessFailure('Conflict', `instance ${instanceId} is ${facts.state}; only a running instance can be migrated`);
      }
      if (await compute.isTerminationProtected(instanceId)) {
        throw businessFailure('Conflict', `instance ${instanceId} has termination protection; switch it off (DisableApiTermination) or exclude the instance`);
      }
      const bindings = await balancer.bindingsOf(instanceId);
      if (bindings.length > 1) {
        const names = bindings.map((binding) => binding.targetGroupName).join(', ');
        throw businessFailure('Conflict', `instance ${instanceId} is registered in ${bindings.length} target groups (${names}); one is supported`);
      }
      const traffic = bindings[0] ?? null;
      if (traffic !== null && traffic.routes.length === 0) {
        throw businessFailure('Conflict', `target group ${traffic.targetGroupName} of ${instanceId} is not used by any listener or rule`);
      }
      const forbidden = await compute.forbidsTermination(instanceId);
      const snapshot = await sourceSnapshotOf({ disks, region }, facts, traffic);
      if (forbidden === null) return snapshot;
      const untagged = facts.tags[FLEET_TAG] === undefined ? ` It carries no tag ${FLEET_TAG}: the policies of \`foreshift iam\` ask for it.` : '';
      return { ...snapshot, cannotEnd: `the worker may not terminate ${instanceId}: ${forbidden}.${untagged}` };
    },
    async listTargetOptions({ vpcId, shape, fleet }) {
      const sourceShape = await compute.shape(shape);
      const shapes = (await compute.compatibleShapes(shape)).filter((candidate) => isWorthConsidering(candidate, sourceShape));
      const names = new Set(shapes.map((candidate) => candidate.name));
      // Offerings of a zone are hundreds of names; only those that could be chosen cross into the history.
      const zones = (await compute.zones(vpcId)).map((zone) => ({ ...zone, offeredShapes: zone.offeredShapes.filter((name) => names.has(name)) }));
      const own = fleet === null ? [] : (await owned.list()).filter((capacity) => capacity.fleet === fleet);
      return { sourceShape, shapes, zones, owned: own };
    },
    async verifySourceServes({ instanceId, targetGroupArn }) {
      const facts = await compute.describe(instanceId);
      if (facts.state !== 'running') {
        throw businessFailure('VerificationFailed', `source ${instanceId} is ${facts.state}: its load must not be sent back to it`);
      }
      const health = await balancer.health(targetGroupArn, instanceId);
      if (health?.state === 'unhealthy') {
        throw businessFailure('VerificationFailed', `source ${instanceId} fails its health check (${health.reason}): its load must not be sent back to it`);
      }
    },
    async verifySourceIdle({ instanceId }) {
      const bindings = await balancer.bindingsOf(instanceId);
      if (bindings.length > 0) throw retryableFailure('NotReadyYet', `${bindings.map((binding) => binding.targetGroupName).join(', ')} still lists ${instanceId}`);
    },
    terminateSource: ({ instanceId }) => compute.terminate([instanceId]),
    async awaitInstanceTerminated({ instanceId }) {
      const state = await stateOf(compute, instanceId);
      if (state !== 'terminated') throw retryableFailure('NotReadyYet', `${instanceId} is ${state}`);
    },
  };
}

/** Same class letter, from half to eight times the source: what the ladder could ever choose. */
function isWorthConsidering(candidate: { family: string; vcpus: number }, source: { family: string; vcpus: number }): boolean {
  return candidate.family.charAt(0) === source.family.charAt(0) && candidate.vcpus * 2 >= source.vcpus && candidate.vcpus <= source.vcpus * 8;
}
