import type { InstanceFacts } from '../../../src/activities/compute-port';
import { moveRecordOf } from '../../../src/activities/move-record-of';
import type { RunDirectory } from '../../../src/activities/owned-resource-port';
import type { ReapDependencies } from '../../../src/activities/reap-activities';
import type { RecoveryDependencies } from '../../../src/activities/recovery-activities';
import { businessFailure, retryableFailure } from '../../../src/contracts/errors';
import type { Owner } from '../../../src/contracts/migration-activities';
import { ANY_RUN } from '../../../src/contracts/workflow-ids';
import type { OwnedInEc2 } from '../../../src/domain/recovery/resources-of';
import type { TrafficSight } from '../../../src/domain/recovery/traffic-sight';
import type { FakeWorld } from '../fake-world';

export type Operation = 'terminate' | 'deregisterImage' | 'deleteSnapshot' | 'deleteVolume' | 'cancel' | 'deregister' | 'setForward' | 'deleteGroup';

/** How one call of an operation goes wrong; afterwards it works again. */
export type Trouble = 'fails' | 'losesReply' | 'isRefused';

/** A fake world seen through the ports by which leftovers are found and taken away. */
export class WorldPorts {
  readonly troubles = new Map<Operation, Trouble>();
  readonly did: string[] = [];

  constructor(
    private readonly world: FakeWorld,
    private readonly runs: RunDirectory,
  ) {}

  reaping(nowMs: number): ReapDependencies {
    const { world } = this;
    const groupOf = (arn: string) => world.groups.get(arn) ?? fail(`${arn} does not exist`);
    const remove = (operation: Operation, things: Map<string, unknown>, id: string): Promise<void> => this.act(operation, id, () => void things.delete(id));
    return {
      ...this.looking(),
      owned: { ...this.looking().owned, deleteRule: () => Promise.reject(new Error('there are no rules of its own here')) },
      runs: this.runs,
      records: {
        find: async (workflowId, runIds) => {
          const of = world.audit.filter((entry) => entry.workflowId === workflowId && runIds.includes(entry.runId));
          return of.length === 0 ? null : { outcome: of.findLast(({ kind }) => kind === 'outcome')?.summary ?? null, lastAtMs: Math.max(...of.map(({ atMs }) => atMs)), isStateUnderWay: moveRecordOf(of)?.stateIn !== 'source' && moveRecordOf(of) !== null };
        },
      },
      compute: { ...this.looking().compute, terminate: async ([id = '']) => this.act('terminate', id, () => world['terminate']('terminateShadows', id)) },
      disks: {
        deregisterImage: (id) => remove('deregisterImage', world.images, id),
        deleteSnapshot: (id) => remove('deleteSnapshot', world.snapshots, id),
        deleteVolume: (id) => remove('deleteVolume', world.volumes, id),
      },
      reservations: { cancel: (id) => remove('cancel', world.reservations, id) },
      balancer: {
        deregister: (arn, id) => this.act('deregister', `${id} of ${arn}`, () => void groupOf(arn).targets.delete(id)),
        setForward: (route) => this.act('setForward', route.arn, () => world['setWeights'](route)),
        readForward: async ({ arn }) => world.routes.get(arn) ?? [],
        deleteGroup: (id) => remove('deleteGroup', world.groups, id),
      },
      metrics: { lastRequests: async () => 0 },
      metricsSettleMs: 0,
      now: () => nowMs,
    };
  }

  looking(): RecoveryDependencies {
    const { world } = this;
    return {
      region: world.source.region ?? '',
      disks: { describeVolumes: async () => [] },
      compute: {
        describe: async (instanceId) => this.factsOf(instanceId),
        passesChecks: async (instanceId) => world.instances.get(instanceId)?.state === 'running',
        listTagged: async (_tag, value) => [...world.instances].filter(([, { replaces, state }]) => replaces === value && state === 'running').map(([id]) => this.factsOf(id)),
      },
      balancer: { bindingsOf: async (instanceId) => (world.source.traffic !== null && world.groups.get(world.source.traffic.targetGroupArn)?.targets.has(instanceId) === true ? [world.source.traffic] : []) },
      owned: { list: async (owner) => this.listOwned(owner), traffic: async () => this.traffic() },
      moves: { newest: async (workflowId) => moveRecordOf(world.audit.filter((entry) => entry.workflowId === workflowId)) },
    };
  }

  private async act(operation: Operation, on: string, effect: () => void): Promise<void> {
    const trouble = this.troubles.get(operation);
    this.troubles.delete(operation);
    if (trouble === 'fails') throw retryableFailure('Unavailable', `${operation} is unavailable`);
    if (trouble === 'isRefused') throw businessFailure('Unauthorized', `${operation} is not allowed`);
    this.did.push(`${operation} ${on}`);
    effect();
    if (trouble === 'losesReply') throw retryableFailure('Unavailable', `the reply of ${operation} was lost`);
  }

  private listOwned(owner: Owner | null): OwnedInEc2[] {
    const { world } = this;
    const isMeant = (its: Owner | null): its is Owner => its !== null && (owner === null || (its.workflowId === owner.workflowId && (owner.runId === ANY_RUN || its.runId === owner.runId)));
    const common = (id: string, its: Owner, role: string) => ({ id, owner: its.workflowId, runId: its.runId, role, state: 'x', createdAtMs: null });
    const alive = [...world.instances].filter(([, { state }]) => state !== 'terminated');
    return [
      ...alive.flatMap(([id, { owner: its }]): OwnedInEc2[] => (isMeant(its) ? [{ kind: 'instance', ...common(id, its, 'shadow'), reservationId: [...world.reservations.keys()][0] ?? null }] : [])),
      ...[...world.reservations].flatMap(([id, { owner: its }]): OwnedInEc2[] => (isMeant(its) ? [{ kind: 'reservation', ...common(id, its, 'reservation'), used: alive.filter(([, one]) => one.owner !== null || one.replaces !== undefined).length, isCommitted: false }] : [])),
      ...[...world.images].flatMap(([id, { owner: its }]): OwnedInEc2[] => (isMeant(its) ? [{ kind: 'image', ...common(id, its, 'image') }] : [])),
      ...[...world.snapshots].flatMap(([id, { owner: its }]): OwnedInEc2[] => (isMeant(its) ? [{ kind: 'snapshot', ...common(id, its, 'snapshot') }] : [])),
    ];
  }

  private traffic(): TrafficSight {
    const { world } = this;
    return {
      groups: [...world.groups].map(([targetGroupArn, { owner, targets }]) => ({
        targetGroupArn,
        name: targetGroupArn,
        loadBalancerArn: 'arn:balancer',
        owner: owner?.workflowId ?? null,
        runId: owner?.runId ?? null,
        role: owner === null ? null : targetGroupArn.includes('shadow') ? 'shadow' : 'source',
        members: [...targets].map((instanceId) => ({ instanceId, port: 8080, state: world.instances.get(instanceId)?.state === 'running' ? 'healthy' : 'unused' })),
      })),
      routes: [...world.routes].map(([arn, forward]) => ({ kind: arn.includes('rule') ? 'rule' : 'listener', arn, owner: null, runId: null, role: null, forward })),
    };
  }

  private factsOf(instanceId: string): InstanceFacts {
    const { world } = this;
    const instance = world.instances.get(instanceId);
    if (instance === undefined) throw businessFailure('NotFound', `instance ${instanceId} does not exist`);
    const { architecture, zone, vpcId, subnetId, shape, tags, rootDevice } = world.source;
    return { instanceId, state: instance.state, shape, imageId: '', architecture, zone, hostId: null, reservationId: null, launchedAtMs: 0, vpcId, subnetId, address: '', securityGroupIds: [], instanceProfileArn: null, keyName: null, tags, rootDevice, volumes: [] };
  }
}

function fail(message: string): never {
  throw businessFailure('NotFound', message);
}
