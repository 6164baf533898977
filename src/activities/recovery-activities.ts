import { nullIfNotFound } from '../contracts/errors';
import type { RecoveryActivities } from '../contracts/recover-migration';
import { everyRunOf, REPLACES_TAG, migrationWorkflowId } from '../contracts/workflow-ids';
import type { SideSight } from '../domain/recovery/assess-move';
import { changedRoutes } from '../domain/recovery/changed-routes';
import { describeResource } from '../domain/recovery/owned-resource';
import { listingsOf, resourcesOf } from '../domain/recovery/resources-of';
import { weightOf, type GroupSight, type TrafficSight } from '../domain/recovery/traffic-sight';
import type { TrafficBinding } from '../domain/source-snapshot';
import type { BalancerPort } from './balancer-port';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { MoveRecord, MoveRecordPort } from './move-record-port';
import type { OwnedResourcePort } from './owned-resource-port';
import { sourceSnapshotOf, type SnapshotDependencies } from './source-snapshot-of';

export interface RecoveryDependencies extends SnapshotDependencies {
  readonly compute: Pick<ComputePort, 'describe' | 'passesChecks' | 'listTagged'>;
  readonly balancer: Pick<BalancerPort, 'bindingsOf'>;
  readonly owned: Pick<OwnedResourcePort, 'list' | 'traffic'>;
  readonly moves: MoveRecordPort;
}

/** What is there of a move that did not come to its end. */
export function createRecoveryActivities({ compute, balancer, owned, moves, ...snapshots }: RecoveryDependencies): RecoveryActivities {
  const sideOf = async (instanceId: string, facts: InstanceFacts | null, traffic: TrafficSight): Promise<SideSight> => ({
    instanceId,
    state: facts?.state ?? 'terminated',
    passesChecks: facts?.state === 'running' && (await compute.passesChecks(instanceId)),
    listings: listingsOf(traffic, instanceId),
  });

  return {
    async surveyMove({ instanceId }) {
      const workflowId = migrationWorkflowId(instanceId);
      const [inEc2, traffic, facts, adopted] = await Promise.all([
        owned.list(everyRunOf(workflowId)),
        owned.traffic(),
        compute.describe(instanceId).catch(nullIfNotFound),
        compute.listTagged(REPLACES_TAG, instanceId),
      ]);
      const record = await moves.newest(workflowId);
      const resources = resourcesOf(inEc2, traffic).filter(({ owner }) => owner === workflowId);
      const owner = record === null ? null : { workflowId, runId: record.runId };
      const shadows = resources.filter(({ kind }) => kind === 'instance').map(({ id, runId }) => ({ id, isOwn: runId === record?.runId }));
      const [shadowId, ...otherShadows] = [...shadows.filter(({ isOwn }) => isOwn).map(({ id }) => id), ...adopted.map((one) => one.instanceId), ...shadows.filter(({ isOwn }) => !isOwn).map(({ id }) => id)];
      const shadow = shadowId === undefined ? null : await compute.describe(shadowId).catch(nullIfNotFound);
      const groups = traffic.groups.filter((group) => group.owner === workflowId && group.runId === record?.runId);
      const binding = record?.traffic ?? (facts === null ? null : ((await balancer.bindingsOf(instanceId))[0] ?? null));
      return {
        owner,
        sight: {
          source: await sideOf(instanceId, facts, traffic),
          shadow: shadowId === undefined ? null : { ...(await sideOf(shadowId, shadow, traffic)), isAdopted: !shadows.some(({ id }) => id === shadowId) },
          otherShadows,
          behindBalancer: binding !== null,
          phase: record?.phase ?? null,
          reached: record?.reached ?? null,
          changedRoutes: record?.traffic == null ? [] : changedRoutes(record.traffic.routes, traffic, groups.map(({ targetGroupArn }) => targetGroupArn)),
          sync: record?.plan.sync ?? 'none',
          stateIn: record?.stateIn ?? 'source',
          otherRegion: record?.plan.region ?? null,
          left: resources.filter(({ id }) => id !== shadowId).map(describeResource),
        },
        plan: record?.plan ?? null,
        source: await sourceSnapshotOf(snapshots, facts ?? forgotten(instanceId, record), binding === null ? null : { ...binding, healthyOthers: healthyOthers(traffic, binding, [instanceId, shadowId]) }),
        shadowPlace: shadow === null ? null : { zone: shadow.zone, shape: shadow.shape },
        hasGroups: groups.length > 0,
        shadowPercent: shadowPercentOf(traffic, groups),
      };
    },
  };
}

/** EC2 forgets an instance about an hour after its end: then only what was planned tells what it was. */
function forgotten(instanceId: string, record: MoveRecord | null): InstanceFacts {
  return {
    instanceId,
    state: 'terminated',
    shape: record?.plan.from.shape ?? '',
    imageId: '',
    architecture: '',
    zone: record?.plan.from.zone ?? '',
    hostId: null,
    reservationId: null,
    launchedAtMs: 0,
    vpcId: '',
    subnetId: '',
    address: '',
    securityGroupIds: [],
    instanceProfileArn: null,
    keyName: null,
    tags: {},
    rootDevice: '',
    volumes: [],
  };
}

function healthyOthers({ groups }: TrafficSight, { targetGroupArn }: TrafficBinding, own: readonly (string | undefined)[]): number {
  const pool = groups.find((group) => group.targetGroupArn === targetGroupArn);
  return (pool?.members ?? []).filter(({ instanceId, state }) => state === 'healthy' && !own.includes(instanceId)).length;
}

/** Of what goes to the two groups of a move together. */
function shadowPercentOf(traffic: TrafficSight, groups: readonly GroupSight[]): number {
  const weightAs = (wanted: string): number => groups.filter(({ role }) => role === wanted).reduce((sum, { targetGroupArn }) => sum + weightOf(traffic, targetGroupArn), 0);
  const [source, shadow] = [weightAs('source'), weightAs('shadow')];
  return source + shadow === 0 ? 0 : Math.max(shadow > 0 ? 1 : 0, Math.round((100 * shadow) / (source + shadow)));
}
