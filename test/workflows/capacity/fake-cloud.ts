import type { BalancerPort } from '../../../src/activities/balancer-port';
import type { ComputePort, InstanceFacts } from '../../../src/activities/compute-port';
import type { DiskPort } from '../../../src/activities/disk-port';
import type { ReplicaPort } from '../../../src/activities/replica-port';
import type { ReservationLabels, ReservationPort } from '../../../src/activities/reservation-port';
import type { ScalingGroupPort } from '../../../src/activities/scaling-group-port';
import { businessFailure, retryableFailure } from '../../../src/contracts/errors';
import type { Owner } from '../../../src/contracts/migration-activities';
import { ANY_RUN, COMMITTED_ROLE, HELD_FOR_TAG, HELD_ROLE, OWNER_TAG, RAISED_BY_TAG, ROLE_TAG, RUN_TAG } from '../../../src/contracts/workflow-ids';
import { FACTS, portOf } from '../../activities/fake-ports';
import { shapeOf } from '../../domain/shapes/generated-catalogue';

/** `fails` before anything happened; `losesReply` after it did; `isRefused` for good; `isOverQuota` as EC2 says it. */
export interface CloudFault {
  readonly call: string;
  readonly kind: 'fails' | 'losesReply' | 'isRefused' | 'isOverQuota';
  readonly times?: number;
}

/** An Auto Scaling group of somebody else's. */
export interface FakeGroup {
  desired: number;
  readonly min: number;
  readonly max: number;
  readonly shape: string;
  readonly warm: number | null;
  /** So many can serve; its zones have no room for more. */
  capacity: number;
  readonly tags: Record<string, string>;
  readonly scheduled: Map<string, { readonly atMs: number; readonly desired: number }>;
}

interface Reservation {
  state: 'assessing' | 'scheduled' | 'active' | 'unsupported' | 'cancelled';
  readonly count?: number;
  readonly committed?: boolean;
  readonly zone: string;
  readonly shape: string;
  readonly tags: Record<string, string>;
}

export const ZONES = ['us-east-1a', 'us-east-1b'];
export const SHAPES = [shapeOf('m7i.large'), shapeOf('m7i.xlarge', { vcpus: 4 }), shapeOf('c7i.large', { memoryMiB: 4096, usdPerHour: 0.12 })];
export const GROUP = 'arn:pool';
const TEMPLATE = 'i-00000001';

/** A cloud with pools of finite capacity, in memory, behind the activities' own ports. It notes when a pool gave more than it has. */
export class FakeCloud {
  /** Capacity by `shape in zone`; what is not named never runs out. */
  readonly capacity = new Map<string, number>();
  readonly reservations = new Map<string, Reservation>();
  readonly instances = new Map<string, InstanceFacts & { tags: Record<string, string>; state: string }>();
  readonly targets = new Set<string>();
  /** Instances whose checks fail. */
  readonly sick = new Set<string>();
  readonly groups = new Map<string, FakeGroup>();
  readonly spot = new Set<string>();
  readonly calls: string[] = [];
  readonly violations: string[] = [];
  private readonly faults: { readonly fault: CloudFault; met: number }[] = [];
  private readonly watchers = new Map<string, () => void>();
  private readonly tokens = new Map<string, string>();
  private ids = 0x10;

  constructor() {
    this.instances.set(TEMPLATE, this.facts(TEMPLATE, { zone: ZONES[0] ?? '', shape: 'm7i.large', tags: { 'foreshift:service': 'shop' } }));
    this.targets.add(TEMPLATE);
  }

  fault(fault: CloudFault): { readonly met: number } {
    const entry = { fault, met: 0 };
    this.faults.push(entry);
    return entry;
  }

  /** Does something before every call of that name; the answer ends it. */
  onCall(call: string, act: () => void): () => void {
    this.watchers.set(call, act);
    return () => void this.watchers.delete(call);
  }

  /** From now on every call is answered. */
  heal(): void {
    this.faults.length = 0;
  }

  free(shape: string, zone: string): number {
    const held = [...this.reservations.values()].filter((one) => one.state === 'active' && one.shape === shape && one.zone === zone).length;
    const loose = [...this.instances].filter(([id, one]) => id !== TEMPLATE && !this.spot.has(id) && one.state === 'running' && one.shape === shape && one.zone === zone && this.reservations.get(one.reservationId ?? '')?.state !== 'active').length;
    return (this.capacity.get(`${shape} in ${zone}`) ?? Infinity) - held - loose;
  }

  replicas(): string[] {
    return [...this.instances].filter(([id, { state }]) => id !== TEMPLATE && state === 'running').map(([id]) => id);
  }

  /** All that somebody still owns, or holds. */
  left(): string[] {
    const owned = [...this.instances].filter(([, { state, tags }]) => state === 'running' && tags[OWNER_TAG] !== undefined).map(([id]) => `instance ${id}`);
    const raised = [...this.groups].flatMap(([name, { tags, scheduled }]) => [...Object.keys(tags).filter((key) => key.startsWith(RAISED_BY_TAG)), ...scheduled.keys()].map((what) => `${what} on ${name}`));
    return [...owned, ...raised, ...[...this.reservations].filter(([, { state, committed, tags }]) => (committed === true ? state !== 'cancelled' && state !== 'unsupported' && tags[OWNER_TAG] !== undefined : state === 'active')).map(([id]) => `reservation ${id}`)];
  }

  readonly reservationPort: ReservationPort = this.faulty(
    portOf<ReservationPort>({
      create: async (owner: Owner, { zone, shape }, step: string, { role, tags }: ReservationLabels = { role: 'reservation', tags: {} }) => {
        const reservationId = this.once(owner, step, 'cr', (id) => {
          if (this.free(shape, zone) < 1) throw businessFailure('InsufficientCapacity', `no room for ${shape} in ${zone}`);
          this.reservations.set(id, { state: 'active', zone, shape, tags: { ...ownerTags(owner, role), ...tags } });
        });
        return { reservationId, zone, shape };
      },
      order: async (owner, { zone, shape, count }, step, { role, tags }) => {
        const reservationId = this.once(owner, step, 'cr', (id) => void this.reservations.set(id, { state: 'assessing', committed: true, count, zone, shape, tags: { ...ownerTags(owner, role), ...tags } }));
        return { reservationId, state: this.reservations.get(reservationId)?.state ?? 'unknown' };
      },
      findOrdered: async (owner) => [...this.reservations].filter(([, { state, tags, committed }]) => committed === true && !['cancelled', 'unsupported'].includes(state) && isOf(owner, tags)).map(([reservationId, { state }]) => ({ reservationId, state })),
      isCommitted: async (id) => this.reservations.get(id)?.committed ?? false,
      disown: async (id) => {
        for (const key of [OWNER_TAG, RUN_TAG, ROLE_TAG]) delete this.reservations.get(id)?.tags[key];
      },
      state: async (id) => this.reservations.get(id)?.state ?? 'unknown',
      findOwned: async (owner) => [...this.reservations].filter(([, { state, tags }]) => state === 'active' && isOf(owner, tags)).map(([id]) => id),
      findHolders: async (pool, zone, shape) =>
        [...this.reservations.values()].filter((one) => one.state === 'active' && one.zone === zone && one.shape === shape && one.tags[HELD_FOR_TAG] === pool && [HELD_ROLE, COMMITTED_ROLE].includes(one.tags[ROLE_TAG] ?? '')).map(({ tags }) => tags[OWNER_TAG] ?? ''),
      adopt: async (owner, id) => void Object.assign(this.reservations.get(id)?.tags ?? {}, ownerTags(owner, 'reservation')),
      cancel: async (id) => {
        const reservation = this.reservations.get(id);
        if (reservation?.committed === true && reservation.state !== 'assessing') throw businessFailure('Conflict', `${id} is committed to`);
        if (reservation !== undefined) reservation.state = 'cancelled';
      },
    }),
  );

  readonly compute: ComputePort = this.faulty(
    portOf<ComputePort>({
      describe: async (id) => this.instance(id),
      listTagged: async (tag, value) => [...this.instances.values()].filter(({ tags, state }) => state === 'running' && tags[tag] !== undefined && (value === null || tags[tag] === value)),
      findOwned: async (owner) => [...this.instances.values()].filter(({ tags, state }) => state !== 'terminated' && isOf(owner, tags)),
      terminate: async (ids) => {
        for (const id of ids) this.kill(id);
      },
      passesChecks: async (id) => this.instance(id).state === 'running' && !this.sick.has(id),
      passingChecks: async (ids) => new Set(ids.filter((id) => this.instances.get(id)?.state === 'running' && !this.sick.has(id))),
      tag: async (ids, tags) => {
        for (const id of ids) Object.assign(this.instances.get(id)?.tags ?? {}, tags);
      },
      untag: async (ids, keys) => {
        for (const id of ids) for (const key of keys) delete this.instances.get(id)?.tags[key];
      },
      zones: async () => ZONES.map((zone) => ({ zone, subnetId: `subnet-${zone}`, offeredShapes: SHAPES.map(({ name }) => name) })),
      shape: async (name) => SHAPES.find((shape) => shape.name === name) ?? shapeOf(name),
    }),
  );

  readonly balancer: BalancerPort = this.faulty(
    portOf<BalancerPort>({
      listingsOf: async (id) => (this.targets.has(id) ? [{ targetGroupArn: GROUP, port: 8080 }] : []),
      bindingsOf: async (id) => (this.targets.has(id) ? [{ targetGroupArn: GROUP, targetGroupName: 'pool', loadBalancerArn: 'arn:lb', port: 8080, healthyOthers: 1, routes: [] }] : []),
      zonesOf: async () => ZONES,
      findOwnedGroups: async () => [],
      register: async (_, id) => void this.targets.add(id),
      deregister: async (_, id) => void this.targets.delete(id),
      targets: async () => [...this.targets].map((instanceId) => ({ instanceId, port: 8080 })),
      health: async (_, id) => (this.targets.has(id) ? { state: this.sick.has(id) ? 'unhealthy' : 'healthy', reason: '' } : null),
    }),
  );

  readonly disks: DiskPort = portOf<DiskPort>({ findOwnedImages: async () => [], findOwnedSnapshots: async () => [], findOwnedFreeVolumes: async () => [] });

  readonly replicaPort: ReplicaPort = this.faulty({
    look: async () => ({ architecture: 'x86_64', vpcId: 'vpc-1', shape: 'm7i.large', tags: { 'foreshift:service': 'shop' } }),
    launch: async ({ owner, place: { zone, shape }, reservationId, spot, step, tags }) => {
      const instanceId = this.once(owner, step, 'i', (id) => {
        if (reservationId !== null && this.reservations.get(reservationId)?.state !== 'active') throw businessFailure('InsufficientCapacity', `${reservationId} holds nothing`);
        if (reservationId === null && (spot ? this.freeSpot(shape, zone) : this.free(shape, zone)) < 1) throw businessFailure('InsufficientCapacity', `no room for ${shape} in ${zone}`);
        if (spot) this.spot.add(id);
        this.instances.set(id, this.facts(id, { zone, shape, reservationId, tags: { ...tags, ...ownerTags(owner, 'replica') } }));
      });
      return { instanceId };
    },
  });

  readonly groupPort: ScalingGroupPort = this.faulty(
    portOf<ScalingGroupPort>({
      describe: async (name) => {
        const { desired, min, max, warm, capacity, tags } = this.group(name);
        return { name, min, max, desired, inService: Math.min(desired, capacity), zones: ZONES, warm, tags: { ...tags } };
      },
      shapes: async (name) => [this.group(name).shape],
      setDesired: async (name, desired) => {
        this.group(name).desired = desired;
      },
      tag: async (name, key, value) => {
        this.group(name).tags[key] = value;
      },
      untag: async (name, key) => {
        delete this.group(name).tags[key];
      },
      launchFailure: async (name) => (this.group(name).capacity < this.group(name).desired ? 'We currently do not have sufficient capacity' : null),
      schedule: async (name, { name: action, atMs, desired }) => void this.group(name).scheduled.set(action, { atMs, desired }),
      unschedule: async (name, action) => this.group(name).scheduled.delete(action),
    }),
  );

  addGroup(name: string, group: Partial<FakeGroup> = {}): FakeGroup {
    const made: FakeGroup = { desired: 2, min: 1, max: 6, shape: 'm7i.large', warm: null, capacity: Infinity, tags: {}, scheduled: new Map(), ...group };
    this.groups.set(name, made);
    return made;
  }

  /** AWS runs what is scheduled, as if its time had come. */
  runScheduled(name: string): void {
    const group = this.group(name);
    for (const { desired } of group.scheduled.values()) group.desired = desired;
    group.scheduled.clear();
  }

  private freeSpot(shape: string, zone: string): number {
    const taken = [...this.spot].filter((id) => this.instances.get(id)?.state === 'running' && this.instances.get(id)?.shape === shape && this.instances.get(id)?.zone === zone).length;
    return (this.capacity.get(`spot ${shape} in ${zone}`) ?? Infinity) - taken;
  }

  private group(name: string): FakeGroup {
    const found = this.groups.get(name);
    if (found === undefined) throw businessFailure('NotFound', `Auto Scaling group "${name}" does not exist`);
    return found;
  }

  /** All instances of a zone fail, and nothing more is to be had there. */
  darken(zone: string): void {
    for (const [id, one] of this.instances) if (one.zone === zone && one.state === 'running') this.sick.add(id);
    for (const { name } of SHAPES) this.capacity.set(`${name} in ${zone}`, -1_000);
  }

  kill(id: string): void {
    const instance = this.instances.get(id);
    if (instance !== undefined) instance.state = 'terminated';
    this.targets.delete(id);
  }

  private once(owner: Owner, step: string, prefix: string, make: (id: string) => void): string {
    const token = `${owner.workflowId}/${owner.runId}/${step}`;
    const known = this.tokens.get(token);
    if (known !== undefined) return known;
    const id = `${prefix}-${(this.ids++).toString(16).padStart(8, '0')}`;
    make(id);
    this.tokens.set(token, id);
    for (const shape of SHAPES) for (const zone of ZONES) if (this.free(shape.name, zone) < 0 && (this.capacity.get(`${shape.name} in ${zone}`) ?? 0) >= 0) this.violations.push(`${shape.name} in ${zone} gave more than it has`);
    return id;
  }

  private facts(instanceId: string, more: Partial<InstanceFacts> & { tags: Record<string, string> }): InstanceFacts & { tags: Record<string, string>; state: string } {
    return { ...FACTS, launchedAtMs: 0, volumes: [], instanceId, state: 'running', ...more };
  }

  private instance(id: string): InstanceFacts {
    const found = this.instances.get(id);
    if (found === undefined) throw businessFailure('NotFound', `instance ${id} does not exist`);
    return found;
  }

  private faulty<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          this.calls.push(String(name));
          this.watchers.get(String(name))?.();
          const entry = this.faults.find(({ fault, met }) => fault.call === name && met < (fault.times ?? 1));
          if (entry !== undefined) entry.met += 1;
          const kind = entry?.fault.kind;
          if (kind === 'fails') throw retryableFailure('Unavailable', `${String(name)} is unavailable`);
          if (kind === 'isRefused') throw businessFailure('Unauthorized', `${String(name)} is not allowed`);
          if (kind === 'isOverQuota') throw businessFailure('QuotaExceeded', 'VcpuLimitExceeded: you have requested more vCPU capacity than your limit');
          const answer = await (method as (...all: unknown[]) => Promise<unknown>).apply(target, args);
          if (kind === 'losesReply') throw retryableFailure('Unavailable', `the reply of ${String(name)} was lost`);
          return answer;
        };
      },
    });
  }
}

function ownerTags(owner: Owner, role: string): Record<string, string> {
  return { [OWNER_TAG]: owner.workflowId, [RUN_TAG]: owner.runId, [ROLE_TAG]: role };
}

function isOf(owner: Owner, tags: Readonly<Record<string, string>>): boolean {
  return tags[OWNER_TAG] === owner.workflowId && (tags[RUN_TAG] === owner.runId || (owner.runId === ANY_RUN && tags[RUN_TAG] !== undefined));
}
