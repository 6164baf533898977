import type { CapacityActivities, ReplicaSight } from '../contracts/capacity-activities';
import { businessFailure, retryableFailure } from '../contracts/errors';
import type { Replica, TargetGroupRef } from '../contracts/provision-replicas';
import { OWNER_TAG, REPLICAS_TAG, REQUEST_DIGEST_TAG, ROLE_TAG, RUN_TAG, everyRunOf, replicasWorkflowId } from '../contracts/workflow-ids';
import { SERVICE_TAGS, serviceOf } from '../domain/service-of';
import type { BalancerPort } from './balancer-port';
import type { ComputePort, InstanceFacts } from './compute-port';
import { digestOf } from './digest';
import { stateOf } from './instance-state';
import type { ReplicaPort } from './replica-port';
import type { ReservationPort } from './reservation-port';

type ReplicaActivities = Pick<
  CapacityActivities,
  'recallReplicas' | 'describeTemplate' | 'launchReplica' | 'adoptReplicas' | 'disownReplicas' | 'deregisterReplicas' | 'terminateReplicas' | 'inspectReplicas' | 'awaitReplicaTrouble'
>;

/** Enough of a digest for a tag. */
const DIGEST_CHARACTERS = 32;

export interface ReplicaDependencies {
  readonly compute: ComputePort;
  readonly balancer: BalancerPort;
  readonly replicas: ReplicaPort;
  readonly reservations: Pick<ReservationPort, 'findOwned'>;
}

/** Replicas: launched from a template, made the service's own, looked after and given back. */
export function createReplicaActivities({ compute, balancer, replicas, reservations }: ReplicaDependencies): ReplicaActivities {
  const sightOf = async (facts: InstanceFacts, targetGroups: readonly TargetGroupRef[], passing: ReadonlySet<string>): Promise<ReplicaSight> => ({
    ...(await pricedReplica(compute, facts)),
    state: facts.state,
    trouble: await troubleOf(balancer, facts, targetGroups, passing),
  });
  const inspect = async (requestId: string, targetGroups: readonly TargetGroupRef[]): Promise<readonly ReplicaSight[]> => {
    const found = await compute.listTagged(REPLICAS_TAG, requestId);
    const passing = await compute.passingChecks(found.filter(({ state }) => state === 'running').map(({ instanceId }) => instanceId));
    return Promise.all(found.map((facts) => sightOf(facts, targetGroups, passing)));
  };

  return {
    async recallReplicas({ request }) {
      const digest = digestOf(request).slice(0, DIGEST_CHARACTERS);
      const found = await compute.listTagged(REPLICAS_TAG, request.requestId);
      const other = found.find(({ tags }) => tags[REQUEST_DIGEST_TAG] !== digest);
      if (other !== undefined) throw businessFailure('Conflict', `requestId "${request.requestId}" was used for another request, whose replica ${other.instanceId} runs; a request id stands for one request`);
      const everyRun = everyRunOf(replicasWorkflowId(request.requestId));
      const [instances, reservationIds] = await Promise.all([compute.findOwned(everyRun), reservations.findOwned(everyRun)]);
      const left = { instanceIds: instances.map(({ instanceId }) => instanceId), reservationIds };
      const replicasNow = await Promise.all(found.map((facts) => pricedReplica(compute, facts)));
      return { digest, replicas: replicasNow, ...(instances.length + reservationIds.length === 0 ? {} : { left }) };
    },
    async describeTemplate({ template, targetGroups }) {
      const { tags, ...sight } = await replicas.look(template);
      const bindings = targetGroups !== null || template.instanceId === undefined ? [] : await balancer.bindingsOf(template.instanceId);
      const groups = targetGroups ?? bindings.map(({ targetGroupArn, port }) => ({ targetGroupArn, port }));
      const balancerZones = groups.length === 0 ? null : await balancer.zonesOf(groups.map(({ targetGroupArn }) => targetGroupArn));
      return { ...sight, service: serviceOf(tags), targetGroups: groups, balancerZones };
    },
    launchReplica: ({ owner, template, place, reservation, service }) =>
      replicas.launch({ owner, template, place, reservationId: reservation.reservationId, spot: false, step: `launch-${reservation.reservationId}`, tags: { Name: `${service}-${reservation.reservationId.slice(-6)}`, [SERVICE_TAGS[0]]: service } }),
    async adoptReplicas({ instanceIds, requestId, digest }) {
      const resources = await withVolumes(compute, instanceIds);
      await compute.tag(instanceIds, { [REPLICAS_TAG]: requestId, [REQUEST_DIGEST_TAG]: digest });
      await compute.untag(resources, [OWNER_TAG, RUN_TAG, ROLE_TAG]);
    },
    async disownReplicas({ owner, instanceIds }) {
      if (instanceIds.length === 0) return;
      const resources = await withVolumes(compute, instanceIds);
      await compute.tag(resources, { [OWNER_TAG]: owner.workflowId, [RUN_TAG]: owner.runId, [ROLE_TAG]: 'replica' });
      await compute.untag(instanceIds, [REPLICAS_TAG, REQUEST_DIGEST_TAG]);
    },
    async deregisterReplicas({ instanceIds, targetGroups }) {
      for (const { targetGroupArn, port } of targetGroups) {
        const registered = new Set((await balancer.targets(targetGroupArn)).map(({ instanceId }) => instanceId));
        for (const instanceId of instanceIds) if (registered.has(instanceId)) await balancer.deregister(targetGroupArn, instanceId, port);
      }
    },
    async terminateReplicas({ instanceIds }) {
      const alive = await aliveOf(compute, instanceIds);
      await compute.terminate(alive);
      if (alive.length > 0) throw retryableFailure('NotReadyYet', `${alive.join(', ')} still ends`);
    },
    inspectReplicas: ({ requestId, targetGroups }) => inspect(requestId, targetGroups),
    async awaitReplicaTrouble({ requestId, targetGroups, serving, wanted }) {
      const found = (await inspect(requestId, targetGroups)).filter(({ trouble }) => trouble === null);
      const asKnown = found.length === serving.length && found.every(({ instanceId }) => serving.includes(instanceId));
      if (asKnown && found.length >= wanted) throw retryableFailure('NotReadyYet', `all ${serving.length} replicas serve`);
    },
  };
}

async function pricedReplica(compute: Pick<ComputePort, 'shape'>, { instanceId, zone, shape }: InstanceFacts): Promise<Replica> {
  return { instanceId, zone, shape, usdPerHour: (await compute.shape(shape)).usdPerHour };
}

/** Why a replica does not serve, in a sentence. Where no balancer knows it, EC2's checks decide. */
async function troubleOf(balancer: BalancerPort, { instanceId, state }: InstanceFacts, targetGroups: readonly TargetGroupRef[], passing: ReadonlySet<string>): Promise<string | null> {
  if (state !== 'running') return `${instanceId} is ${state}`;
  if (!passing.has(instanceId)) return `the checks of ${instanceId} are not "ok"`;
  for (const { targetGroupArn } of targetGroups) {
    const health = await balancer.health(targetGroupArn, instanceId);
    if (health === null) return `${instanceId} is not registered in ${targetGroupArn.split('/').slice(-2).join('/')}`;
    if (health.state === 'unhealthy') return `${instanceId} fails its health check: ${health.reason}`;
  }
  return null;
}

async function withVolumes(compute: ComputePort, instanceIds: readonly string[]): Promise<readonly string[]> {
  const facts = await Promise.all(instanceIds.map((instanceId) => compute.describe(instanceId)));
  return facts.flatMap(({ instanceId, volumes }) => [instanceId, ...volumes.map(({ volumeId }) => volumeId)]);
}

async function aliveOf(compute: ComputePort, instanceIds: readonly string[]): Promise<string[]> {
  const states = await Promise.all(instanceIds.map((instanceId) => stateOf(compute, instanceId)));
  return instanceIds.filter((_, i) => states[i] !== 'terminated');
}
