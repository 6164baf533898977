import type { AuditEntry, AuditReceipt } from '../../src/contracts/audit';
import { businessFailure, retryableFailure } from '../../src/contracts/errors';
import type { MigrationActivities, Owner, RouteWeights } from '../../src/contracts/migration-activities';
import type { ComputePort } from '../../src/activities/compute-port';
import type { InstanceCommandPort } from '../../src/activities/instance-command-port';
import { createStateActivities } from '../../src/activities/state-activities';
import type { StateDependencies } from '../../src/activities/state-activities';
import type { StateKeeperPort } from '../../src/activities/state-keeper-port';
import { createAgentKeeper } from '../../src/adapters/agent/agent-keeper';
import { createCommandedHooks } from '../../src/adapters/application/commanded-hooks';
import { createHooksKeeper } from '../../src/adapters/application/hooks-keeper';
import { migrationWorkflowId } from '../../src/contracts/workflow-ids';
import { canonicalJson } from '../../src/domain/canonical-json';
import { observeInterval } from '../../src/domain/judge/observe-interval';
import { LATENCY_QUANTILES, type SideCounts } from '../../src/domain/judge/traffic-interval';
import { verdictOf } from '../../src/domain/judge/verdict-of';
import type { MigrationPhase } from '../../src/domain/migration-phase';
import type { MigrationPolicy } from '../../src/domain/migration-policy';
import type { SourceSnapshot, WeightedTarget } from '../../src/domain/source-snapshot';
import { FakeAgents } from './fake-agents';
import { FakeHooks } from './fake-hooks';
import { FORECAST, NETWORK_THERE, OPTIONS_THERE, OTHER_POOL, OTHER_REGION, POLICY, POOL, TARGET_OPTIONS, digestOf, sourceSnapshot } from './fixtures';

/** How long the source's answers take, at the judge's quantiles. */
const LATENCIES_MS = [5, 7, 10, 14, 20, 40];

export type Activity = keyof MigrationActivities;
export type Phase = MigrationPhase | 'rollback' | 'start' | 'done';

/**
 * What goes wrong with an activity: it fails and nothing happened; it happened but the reply is lost; it is refused for good;
 * it happened, and the call then hangs until it is cancelled.
 */
export interface Fault {
  readonly activity: Activity;
  readonly kind: 'fails' | 'losesReply' | 'isRefused' | 'hangs';
  /** Only in this phase, as the audit tells it; default: in any. */
  readonly phase?: Phase;
  /** How many calls it meets; default 1. */
  readonly times?: number;
}

interface Owned {
  owner: Owner | null;
}
interface Instance extends Owned {
  state: 'running' | 'stopped' | 'terminated';
  replaces?: string;
}
interface Volume {
  readonly attachedTo: string;
  readonly fromSnapshot: string;
}
interface Group extends Owned {
  readonly targets: Set<string>;
}

export interface WorldOptions {
  readonly instanceId: string;
  /** Other healthy targets of the source's pool; default 1. */
  readonly others?: number;
  readonly traffic?: boolean;
  readonly dataVolumes?: boolean;
  readonly policy?: MigrationPolicy;
  /** The source's region, where this is another one. */
  readonly home?: FakeWorld;
}

/** The instance of a pool that the rule sends a tenth to, and that no migration may touch. */
export const ELSEWHERE = 'i-elsewhere';

/**
 * A small model of the cloud that answers the saga's activities. It keeps what exists and to whom it belongs, notes every
 * effect that changed something, and notes as a violation whatever would have failed a client's request.
 */
export class FakeWorld {
  readonly instances = new Map<string, Instance>();
  readonly reservations = new Map<string, Owned>();
  readonly images = new Map<string, Owned>();
  readonly snapshots = new Map<string, Owned>();
  /** Snapshots that were written block by block: on which one, and whose content they have. */
  readonly written = new Map<string, { readonly parent: string; readonly content: string }>();
  readonly volumes = new Map<string, Volume>();
  readonly groups = new Map<string, Group>();
  readonly routes = new Map<string, readonly WeightedTarget[]>();
  /** Places without room, as `shape in zone`. */
  readonly full = new Set<string>();
  shadowErrorRatio = 0;
  requestsPerSample = 500;
  sourceKeepsWriting = false;
  contended = true;

  /** Effects that changed the world, in order: the activity and what it was done to. */
  readonly acts: { readonly activity: Activity; readonly on: string; readonly phase: Phase }[] = [];
  /** What runs beside the service on every instance, where its state is handed over. */
  readonly agents = new FakeAgents((instanceId) => this.anywhere(instanceId)?.state === 'running');
  /** The application on every instance, where it replicates by itself. */
  readonly application: FakeHooks;
  readonly calls: { readonly activity: Activity; readonly phase: Phase }[] = [];
  readonly violations: string[] = [];
  readonly audit: AuditEntry[] = [];
  private phaseHere: Phase = 'start';
  /** The source's region, seen from another one. */
  private readonly home: FakeWorld | null;
  /** Another region, empty at first; null in that one itself. */
  private readonly other: FakeWorld | null;

  readonly source: SourceSnapshot;
  private readonly policy: MigrationPolicy;
  private readonly byToken = new Map<string, string>();
  private readonly faults: { readonly fault: Fault; met: number }[] = [];
  private readonly hooks: { readonly activity: Activity; readonly phase: Phase; readonly hook: () => Promise<unknown>; done: boolean }[] = [];

  constructor(options: WorldOptions) {
    this.source = sourceSnapshot(options.instanceId, options);
    this.policy = options.policy ?? POLICY;
    this.home = options.home ?? null;
    this.application = new FakeHooks(options.instanceId, (instanceId) => this.anywhere(instanceId)?.state === 'running');
    this.other = this.home === null ? new FakeWorld({ ...options, home: this }) : null;
    if (this.home !== null) return;
    this.instances.set(options.instanceId, { state: 'running', owner: null });
    const others = Array.from({ length: options.others ?? 1 }, (_, i) => `i-other${i}`);
    for (const other of others) this.instances.set(other, { state: 'running', owner: null });
    if (this.source.traffic === null) return;
    this.groups.set(POOL, { owner: null, targets: new Set([options.instanceId, ...others]) });
    this.instances.set(ELSEWHERE, { state: 'running', owner: null });
    this.groups.set(OTHER_POOL, { owner: null, targets: new Set([ELSEWHERE]) });
    for (const route of this.source.traffic.routes) this.routes.set(route.arn, route.forward);
  }

  get phase(): Phase {
    return this.home?.phase ?? this.phaseHere;
  }

  /** The other region. */
  get elsewhere(): FakeWorld {
    if (this.other === null) throw new Error('there are two regions only');
    return this.other;
  }

  fault(fault: Fault): { readonly met: number } {
    const entry = { fault, met: 0 };
    this.faults.push(entry);
    return entry;
  }

  /** Runs once, after the effect of that activity and before its reply. */
  during(activity: Activity, phase: Phase, hook: () => Promise<unknown>): void {
    this.hooks.push({ activity, phase, hook, done: false });
  }

  /** Answers one call of an activity as Temporal makes it. `untilCancelled` rejects when the call is cancelled. */
  async answer(activity: Activity, args: unknown, untilCancelled: () => Promise<never>): Promise<unknown> {
    const { phase } = this;
    this.calls.push({ activity, phase });
    const fault = this.faults.find((entry) => entry.fault.activity === activity && (entry.fault.phase ?? phase) === phase && entry.met < (entry.fault.times ?? 1));
    if (fault !== undefined) fault.met += 1;
    if (fault?.fault.kind === 'fails') throw retryableFailure('Unavailable', `${activity} is unavailable`);
    if (fault?.fault.kind === 'isRefused') throw businessFailure('Unauthorized', `${activity} is not allowed`);
    const effect = this.effects[activity] as (args: unknown) => Promise<unknown>;
    const result = await effect(args);
    for (const hook of this.hooks.filter((entry) => entry.activity === activity && entry.phase === phase && !entry.done)) {
      hook.done = true;
      await hook.hook();
    }
    if (fault?.fault.kind === 'losesReply') throw retryableFailure('Unavailable', `the reply of ${activity} was lost`);
    if (fault?.fault.kind === 'hangs') await untilCancelled();
    return result;
  }

  /** Appends to the audit; a repeated key is the same record. */
  append(entry: AuditEntry): AuditReceipt {
    const digest = digestOf(canonicalJson(entry.detail));
    if (!this.audit.some(({ key }) => key === entry.key)) this.audit.push(entry);
    if (entry.kind === 'phase') this.phaseHere = entry.summary.replace('entered phase ', '') as Phase;
    if (entry.kind === 'outcome') this.phaseHere = 'done';
    return { seq: this.audit.length, hash: digestOf(entry.key), detailDigest: digest };
  }

  actsOf(activity: Activity): string[] {
    return this.acts.filter((act) => act.activity === activity).map((act) => act.on);
  }

  /** Everything that a migration of this instance created, or was said to own, and that still exists. */
  left(): string[] {
    const owned = (kind: string, things: ReadonlyMap<string, Owned>): string[] => [...things].filter(([, { owner }]) => owner !== null).map(([id]) => `${kind} ${id}`);
    const alive = new Map([...this.instances].filter(([, { state }]) => state !== 'terminated'));
    const loose = [...this.volumes].filter(([, { attachedTo }]) => !alive.has(attachedTo)).map(([id]) => `volume ${id}`);
    return [...owned('instance', alive), ...owned('image', this.images), ...owned('snapshot', this.snapshots), ...loose, ...owned('reservation', this.reservations), ...owned('group', this.groups)];
  }

  /** Which instances get requests over the routes, and whether the routes are as they were at the beginning. */
  serving(): { readonly instances: string[]; readonly routesAsBefore: boolean } {
    const groups = new Set([...this.routes.values()].flatMap((forward) => forward.filter(({ weight }) => weight > 0).map(({ targetGroupArn }) => targetGroupArn)));
    const instances = new Set([...groups].flatMap((arn) => [...(this.groups.get(arn)?.targets ?? [])]));
    const before = this.source.traffic?.routes ?? [];
    return { instances: [...instances].toSorted(), routesAsBefore: before.every((route) => canonicalJson(this.routes.get(route.arn)) === canonicalJson(route.forward)) };
  }

  running(): string[] {
    return [...this.instances].filter(([, { state }]) => state === 'running').map(([id]) => id);
  }

  private readonly effects: MigrationActivities = {
    resolvePolicy: async () => this.policy,
    recordAudit: async (entry) => this.append(entry),
    recordAudits: async ({ entries }) => entries.forEach((entry) => this.append(entry)),

    describeSource: async ({ instanceId }) => {
      const state = this.instances.get(instanceId)?.state;
      if (state === undefined) throw businessFailure('NotFound', `instance ${instanceId} does not exist`);
      if (state !== 'running') throw businessFailure('Conflict', `instance ${instanceId} is ${state}; only a running instance can be migrated`);
      return this.source;
    },
    forecastInstance: async () => FORECAST(this.contended),
    listTargetOptions: async ({ vpcId }) => {
      if (this.home === null) return TARGET_OPTIONS;
      if (vpcId !== NETWORK_THERE.vpcId) throw businessFailure('NotFound', `${vpcId} does not exist`);
      return OPTIONS_THERE;
    },
    matchNetwork: async ({ region }) => {
      if (this.home === null || region !== OTHER_REGION) throw businessFailure('InvalidInput', `${region} was asked of the wrong worker`);
      return NETWORK_THERE;
    },

    reserveCapacity: async ({ owner, rung, step }) => {
      const place = `${rung.shape} in ${rung.zone}`;
      if (this.full.has(place)) throw businessFailure('InsufficientCapacity', `no room for ${place}`);
      const reservationId = this.create('reserveCapacity', owner, step, 'cr', (id) => this.reservations.set(id, { owner }));
      return { reservationId, zone: rung.zone, shape: rung.shape };
    },
    adoptReservation: async ({ owner, reservationId }) => {
      const reservation = this.reservations.get(reservationId);
      if (reservation === undefined) throw businessFailure('Conflict', `reservation ${reservationId} is cancelled`);
      if (!isOf(owner)(reservation)) this.note('adoptReservation', reservationId, () => (reservation.owner = owner));
    },
    awaitReservation: async ({ reservationId }) => this.requireReady(this.reservations.has(reservationId), reservationId),
    releaseReservations: async ({ owner }) => this.removeOwned('releaseReservations', this.reservations, owner),

    createImage: async ({ owner, source }) => {
      const imageId = this.create('createImage', owner, 'image', 'ami', (id) => this.images.set(id, { owner }));
      for (const { device } of [{ device: 'root' }, ...source.dataVolumes]) this.snapshot(owner, `image-${device}`);
      return { imageId };
    },
    copyImage: async ({ owner, imageId, fromRegion }) => {
      if (this.home?.images.has(imageId) !== true || fromRegion !== this.source.region) throw businessFailure('NotFound', `image ${imageId} does not exist in ${fromRegion}`);
      const copyId = this.create('copyImage', owner, 'image', 'ami', (id) => this.images.set(id, { owner }));
      for (const { device } of [{ device: 'root' }, ...this.source.dataVolumes]) this.snapshot(owner, `image-${device}`, 'copyImage');
      return { imageId: copyId };
    },
    awaitImage: async ({ imageId }) => this.requireReady(this.images.has(imageId), imageId),
    deleteImages: async ({ owner }) => {
      this.removeOwned('deleteImages', this.images, owner);
      this.removeOwned('deleteImages', this.snapshots, owner);
    },

    launchShadow: async ({ owner, imageId, reservation, network }) => {
      if ((network === undefined) !== (this.home === null)) throw businessFailure('InvalidInput', 'the network is of another region');
      if (!this.images.has(imageId)) throw businessFailure('NotFound', `image ${imageId} does not exist`);
      if (reservation !== null && !this.reservations.has(reservation.reservationId)) throw businessFailure('InsufficientCapacity', `${reservation.reservationId} is not there`);
      const instanceId = this.create('launchShadow', owner, 'shadow', 'i-shadow', (id) => {
        this.instances.set(id, { state: 'running', owner });
        for (const { device } of this.source.dataVolumes) this.volumes.set(`vol-image-${device}`, { attachedTo: id, fromSnapshot: this.tokenOf(owner, `image-${device}`) });
      });
      return { instanceId };
    },
    awaitInstanceRunning: async ({ instanceId }) => this.requireReady(this.instances.get(instanceId)?.state === 'running', instanceId),
    awaitInstanceHealthy: async ({ instanceId }) => this.requireReady(this.instances.get(instanceId)?.state === 'running', instanceId),
    terminateShadows: async ({ owner }) => {
      for (const [id, instance] of this.instances) if (isOf(owner)(instance) && instance.state !== 'terminated') this.terminate('terminateShadows', id);
    },

    snapshotSource: async ({ owner, source, round }) =>
      source.dataVolumes.map(({ device, volumeId }) => ({ device, sourceVolumeId: volumeId, snapshotId: this.snapshot(owner, `sync-${round}-${device}`, 'snapshotSource'), changedBytes: 0 })),
    awaitSnapshots: async ({ snapshotIds }) => this.requireReady(snapshotIds.every((id) => this.snapshots.has(id)), snapshotIds.join()),
    measureDelta: async ({ deltas, previous }) => deltas.map((delta) => ({ ...delta, changedBytes: this.sourceKeepsWriting || previous.length === 0 ? 4096 : 0 })),
    copySnapshots: async ({ owner, deltas, fromRegion, round }) =>
      deltas.map((delta) => {
        if (this.home?.snapshots.has(delta.snapshotId) !== true || fromRegion !== this.source.region) throw businessFailure('NotFound', `snapshot ${delta.snapshotId} does not exist in ${fromRegion}`);
        const snapshotId = this.snapshot(owner, `copy-${round}-${delta.device}`, 'copySnapshots');
        this.written.set(snapshotId, { parent: '', content: delta.snapshotId });
        return { ...delta, snapshotId };
      }),
    writeBlocks: async ({ owner, deltas, previous, round }) =>
      deltas.map((delta) => {
        const parent = previous.find(({ device }) => device === delta.device)?.snapshotId ?? this.byToken.get(this.tokenOf(owner, `image-${delta.device}`)) ?? '';
        if (!this.snapshots.has(parent)) throw businessFailure('NotFound', `snapshot ${parent} does not exist`);
        const snapshotId = this.snapshot(owner, `blocks-${round}-${delta.device}`, 'writeBlocks');
        this.written.set(snapshotId, { parent, content: delta.snapshotId });
        return { ...delta, snapshotId };
      }),
    stopShadow: async ({ instanceId }) => this.setState('stopShadow', instanceId, 'stopped'),
    awaitInstanceStopped: async ({ instanceId }) => this.requireReady(this.instances.get(instanceId)?.state === 'stopped', instanceId),
    replaceVolumes: async ({ owner, instanceId, deltas, round }) => {
      if (this.instances.get(instanceId)?.state !== 'stopped') throw businessFailure('Conflict', `${instanceId} is not stopped`);
      for (const { device, snapshotId } of deltas) {
        this.create('replaceVolumes', owner, `volume-${round}-${device}`, 'vol', (fresh) => {
          for (const [id, volume] of this.volumes) if (volume.attachedTo === instanceId) this.volumes.delete(id);
          this.volumes.set(fresh, { attachedTo: instanceId, fromSnapshot: snapshotId });
        });
      }
    },
    startShadow: async ({ instanceId }) => this.setState('startShadow', instanceId, 'running'),
    digestContent: async ({ deltas }) => {
      this.requireReady(deltas.every(({ snapshotId }) => this.snapshots.has(snapshotId)), 'the snapshots of the source');
      return { digests: Object.fromEntries(deltas.map(({ device, snapshotId }) => [device, snapshotId])) };
    },
    verifyContent: async ({ instanceId, deltas, digests }) => {
      if ((digests === undefined) !== (this.home === null)) throw businessFailure('VerificationFailed', `the snapshots of the source are in another region`);
      const held = [...this.volumes.values()].filter(({ attachedTo }) => attachedTo === instanceId).map(({ fromSnapshot }) => this.written.get(fromSnapshot)?.content ?? fromSnapshot);
      if (!deltas.every(({ snapshotId }) => held.includes(snapshotId))) throw businessFailure('VerificationFailed', `content of ${instanceId} differs`);
      return { digests: {} };
    },
    probeApplication: async () => ({ digest: 'same' }),

    ...this.stateActivities(),

    createRampGroups: async ({ owner }) => {
      const group = (side: string): string => this.create('createRampGroups', owner, `group-${side}`, `tg-${side}`, (arn) => this.groups.set(arn, { owner, targets: new Set() }));
      return { sourceGroupArn: group('source'), shadowGroupArn: group('shadow') };
    },
    registerTarget: async ({ targetGroupArn, instanceId }) => {
      const { targets } = this.group(targetGroupArn);
      if (!targets.has(instanceId)) this.note('registerTarget', `${instanceId} in ${targetGroupArn}`, () => targets.add(instanceId));
    },
    deregisterTarget: async ({ targetGroupArn, instanceId }) => {
      const { targets } = this.group(targetGroupArn);
      if (targets.has(instanceId)) this.note('deregisterTarget', `${instanceId} in ${targetGroupArn}`, () => targets.delete(instanceId));
    },
    awaitTargetHealthy: async ({ targetGroupArn, instanceId }) =>
      this.requireReady(this.group(targetGroupArn).targets.has(instanceId) && this.instances.get(instanceId)?.state === 'running', instanceId),
    awaitTargetDrained: async ({ targetGroupArn, instanceId }) => this.requireReady(!this.group(targetGroupArn).targets.has(instanceId), instanceId),
    awaitGroupQuiet: async ({ targetGroupArn }) => this.requireReady(![...this.routes.values()].some((forward) => forward.some((target) => target.targetGroupArn === targetGroupArn && target.weight > 0)), targetGroupArn),
    setWeights: async ({ routes }) => {
      for (const route of routes) this.setWeights(route);
    },
    judgeTraffic: async ({ groups, state, untilMs, gate }) => {
      const isWeighted = (arn: string): boolean => [...this.routes.values()].some((forward) => forward.some((target) => target.targetGroupArn === arn && target.weight > 0));
      const side = (arn: string, errorRatio: number): SideCounts => {
        const requests = isWeighted(arn) ? this.requestsPerSample : 0;
        return { requests, errors: Math.round(requests * errorRatio), answers: requests, slower: state.thresholds.sourceMs.map((_, i) => Math.round(requests * (1 - (LATENCY_QUANTILES[i] ?? 1)))) };
      };
      const interval = { fromMs: state.seenUntilMs, toMs: untilMs, source: side(groups.sourceGroupArn, 0), shadow: side(groups.shadowGroupArn, this.shadowErrorRatio) };
      const judged = untilMs > state.seenUntilMs ? observeInterval(state, interval, gate) : state;
      return { state: judged, verdict: verdictOf(judged, gate), latencies: isWeighted(groups.sourceGroupArn) ? LATENCIES_MS : null };
    },
    verifySourceServes: async ({ instanceId }) => {
      const state = this.instances.get(instanceId)?.state;
      if (state !== 'running') throw businessFailure('VerificationFailed', `source ${instanceId} is ${state ?? 'gone'}: its load must not be sent back to it`);
    },
    deleteRampGroups: async ({ owner }) => {
      const inUse = new Set([...this.routes.values()].flat().map(({ targetGroupArn }) => targetGroupArn));
      for (const [arn, group] of this.groups) if (isOf(owner)(group) && inUse.has(arn)) throw businessFailure('Conflict', `${arn} is still in a route`);
      this.removeOwned('deleteRampGroups', this.groups, owner);
    },

    adoptReplacement: async ({ source, instanceId }) => {
      const instance = this.instance(instanceId);
      if (instance.owner !== null) this.note('adoptReplacement', instanceId, () => Object.assign(instance, { owner: null, replaces: source.instanceId }));
    },
    disownReplacement: async ({ owner, instanceId }) => {
      const instance = this.instance(instanceId);
      if (instance.owner === null) this.note('disownReplacement', instanceId, () => Object.assign(instance, { owner, replaces: undefined }));
    },
    verifySourceIdle: async ({ instanceId }) => this.requireReady(![...this.groups.values()].some(({ targets }) => targets.has(instanceId)), instanceId),
    terminateSource: async ({ instanceId }) => {
      if (this.instance(instanceId).state !== 'terminated') this.terminate('terminateSource', instanceId);
    },
    awaitInstanceTerminated: async ({ instanceId }) => this.requireReady(this.instances.get(instanceId)?.state === 'terminated', instanceId),
    listLeftovers: async ({ owner }) => {
      if (owner.workflowId !== migrationWorkflowId(this.source.instanceId)) throw businessFailure('InvalidInput', `${owner.workflowId} is not the owner`);
      return this.left();
    },
  };

  private stateActivities(): ReturnType<typeof createStateActivities> {
    const compute = { describe: async (instanceId: string) => ({ state: this.anywhere(instanceId)?.state ?? 'terminated', address: instanceId }) } as unknown as ComputePort;
    const pace = { callMs: 20, betweenLooksMs: 1, maxLagBytes: 1_000 };
    const hooks: InstanceCommandPort = { run: (instanceId, command) => this.application.run(instanceId, command) };
    const keepers = { replicate: createAgentKeeper(this.agents, compute, pace), application: createHooksKeeper(createCommandedHooks(hooks), compute, pace) };
    const keeperOf = ({ strategy, shadowId, shadowRegion }: Parameters<StateDependencies['keeperOf']>[0]): StateKeeperPort => {
      if (this.instances.has(shadowId) !== (shadowRegion === undefined)) throw businessFailure('NotFound', `instance ${shadowId} is in another region`);
      return keepers[strategy];
    };
    return createStateActivities({ keeperOf, compute });
  }

  /** Creates once per client token: a repeated call gets what the first one made. */
  private create(activity: Activity, owner: Owner, step: string, prefix: string, make: (id: string) => void): string {
    const token = this.tokenOf(owner, step);
    const known = this.byToken.get(token);
    if (known !== undefined) return known;
    const id = `${prefix}-${this.byToken.size + 1}`;
    this.byToken.set(token, id);
    this.note(activity, id, () => make(id));
    return id;
  }

  private tokenOf(owner: Owner, step: string): string {
    return `${owner.workflowId}/${owner.runId}/${step}`;
  }

  private snapshot(owner: Owner, step: string, activity: Activity = 'createImage'): string {
    return this.create(activity, owner, step, 'snap', (id) => this.snapshots.set(id, { owner }));
  }

  private note(activity: Activity, on: string, change: () => unknown): void {
    change();
    this.acts.push({ activity, on, phase: this.phase });
    this.checkServing(`after ${activity} of ${on}`);
  }

  private setWeights({ arn, forward }: RouteWeights): void {
    for (const { targetGroupArn } of forward) this.group(targetGroupArn);
    if (canonicalJson(this.routes.get(arn)) !== canonicalJson(forward)) this.note('setWeights', arn, () => this.routes.set(arn, forward));
  }

  private setState(activity: Activity, instanceId: string, state: Instance['state']): void {
    const instance = this.instance(instanceId);
    if (instance.state !== state) this.note(activity, instanceId, () => (instance.state = state));
  }

  /** An instance that ends takes its volumes with it. */
  private terminate(activity: Activity, instanceId: string): void {
    const { agents, application } = this.home ?? this;
    if (agents.hasState(instanceId) || (application.told.length > 0 && application.hasState(instanceId))) this.violations.push(`${instanceId} was ended with the only state`);
    this.setState(activity, instanceId, 'terminated');
    for (const [id, volume] of this.volumes) if (volume.attachedTo === instanceId) this.volumes.delete(id);
  }

  private removeOwned(activity: Activity, things: Map<string, Owned>, owner: Owner): void {
    for (const [id, thing] of things) if (isOf(owner)(thing)) this.note(activity, id, () => things.delete(id));
  }

  /** A route that sends requests to a group in which nobody runs fails them. */
  private checkServing(when: string): void {
    for (const [arn, forward] of this.routes) {
      const weighted = forward.filter(({ weight }) => weight > 0);
      if (weighted.length === 0) this.violations.push(`${arn} sends requests nowhere ${when}`);
      for (const { targetGroupArn } of weighted) {
        const targets = [...(this.groups.get(targetGroupArn)?.targets ?? [])];
        const dead = targets.filter((id) => this.instances.get(id)?.state !== 'running');
        if (dead.length > 0 || targets.length === 0) this.violations.push(`${arn} sends requests to ${targetGroupArn} (${dead.join() || 'empty'}) ${when}`);
      }
    }
  }

  private requireReady(ready: boolean, what: string): void {
    if (!ready) throw retryableFailure('NotReadyYet', `${what} is not ready yet`);
  }

  private anywhere(id: string): Instance | undefined {
    return this.instances.get(id) ?? this.other?.instances.get(id);
  }

  private group(arn: string): Group {
    const group = this.groups.get(arn);
    if (group === undefined) throw businessFailure('NotFound', `target group ${arn} does not exist`);
    return group;
  }

  private instance(id: string): Instance {
    const instance = this.instances.get(id);
    if (instance === undefined) throw businessFailure('NotFound', `instance ${id} does not exist`);
    return instance;
  }
}

function isOf(owner: Owner): (thing: Owned) => boolean {
  return (thing) => thing.owner?.workflowId === owner.workflowId && thing.owner.runId === owner.runId;
}
