import { shapeNamed } from '../../../infra/bench/plan/generated-fleet';
import type { InstanceFacts } from '../../../src/activities/compute-port';
import type { IsolationDependencies } from '../../../src/activities/isolation-activities';
import type { QueueDependencies } from '../../../src/activities/queue-activities';
import type { AuditEntry } from '../../../src/contracts/audit';
import { businessFailure } from '../../../src/contracts/errors';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import type { MigrationActivities } from '../../../src/contracts/migration-activities';
import type { Isolation } from '../../../src/domain/isolation';
import type { MoveRequest } from '../../../src/domain/queue/move-request';
import { FACTS } from '../../activities/fake-ports';
import { POLICY } from '../fixtures';

/** How the stub of one migration goes. */
export interface Play {
  readonly lastsMs: number;
  readonly result: MigrateInstanceResult;
  /** How often it tells its queue of its end. */
  readonly tells: number;
}

export interface StubActivities {
  moveBegins(args: { input: MigrateInstanceInput; atMs: number }): Promise<Play>;
  moveEnds(args: { input: MigrateInstanceInput; atMs: number; heard: readonly string[] }): Promise<void>;
}

export const COMPLETED = (instanceId: string): MigrateInstanceResult => ({ kind: 'Completed', instanceId, replacementId: instanceId.replace('i-0', 'i-f'), zone: 'us-east-1b', shape: 'm7i.large', phases: [], notes: [] });
export const ROLLED_BACK: MigrateInstanceResult = { kind: 'RolledBack', phase: 'ramp', reasons: ['errors in the ramp'], phases: [] };

export interface PlayedMove {
  readonly input: MigrateInstanceInput;
  readonly beganAtMs: number;
  endedAtMs: number | null;
  heard: readonly string[];
}

/** A fleet for the queue to move: instances with services, capacity, isolations and stubs of migrations. */
export class FakeFleet {
  readonly instances = new Map<string, InstanceFacts>();
  readonly reservations = new Map<string, string>();
  readonly isolations = new Map<string, Isolation>();
  readonly audit: AuditEntry[] = [];
  readonly moves: PlayedMove[] = [];
  readonly sick = new Set<string>();
  full = false;
  movesAway = false;
  unavailable = false;
  play: (instanceId: string) => Partial<Play> = () => ({});

  /** An instance for a request, and its request: what the queue takes in. */
  add(request: MoveRequest, fleet = 'shop', change: Partial<InstanceFacts> = {}): MoveRequest {
    const { instanceId, name, service, sourcePool } = request;
    this.instances.set(instanceId, { ...FACTS, instanceId, zone: sourcePool, tags: { Name: name, 'foreshift:service': service, 'foreshift:fleet': fleet }, ...change });
    return request;
  }

  readonly compute: QueueDependencies['compute'] = {
    describe: async (instanceId) => {
      const facts = this.instances.get(instanceId);
      if (facts === undefined) throw businessFailure('NotFound', `instance ${instanceId} does not exist`);
      return facts;
    },
    listTagged: async () => {
      if (this.unavailable) throw businessFailure('Unauthorized', 'EC2 is not allowed');
      return [...this.instances.values()].filter(({ state }) => state === 'running');
    },
    passingChecks: async (ids) => new Set(ids.filter((id) => !this.sick.has(id))),
  };

  readonly places: IsolationDependencies['compute'] = {
    shape: async () => shapeNamed('m7i.large'),
    listPlaced: async (_, place) => [...this.instances.values()].filter(({ zone, state }) => zone === place && state === 'running'),
  };

  readonly isolationStore: QueueDependencies['isolations'] & { put(isolation: Isolation): Promise<void>; lift(place: string): Promise<void> } = {
    active: async (nowMs) => [...this.isolations.values()].filter(({ untilMs }) => untilMs === null || untilMs > nowMs),
    put: async (isolation) => void this.isolations.set(isolation.place, isolation),
    lift: async (place) => void this.isolations.delete(place),
  };

  readonly stubs: StubActivities = {
    moveBegins: async ({ input, atMs }) => {
      this.moves.push({ input, beganAtMs: atMs, endedAtMs: null, heard: [] });
      return { lastsMs: 300, result: COMPLETED(input.instanceId), tells: 1, ...this.play(input.instanceId) };
    },
    moveEnds: async ({ input, atMs, heard }) => {
      const move = this.moves.find((one) => one.input.queueItemId === input.queueItemId && one.input.instanceId === input.instanceId);
      if (move !== undefined) Object.assign(move, { endedAtMs: atMs, heard });
      // What has moved is elsewhere, under another name.
      const facts = this.instances.get(input.instanceId);
      if (facts !== undefined && this.movesAway) this.instances.set(input.instanceId, { ...facts, state: 'terminated' });
    },
  };

  readonly acts: Pick<MigrationActivities, 'resolvePolicy' | 'recordAudit' | 'recordAudits' | 'reserveCapacity' | 'releaseReservations'> = {
    resolvePolicy: async () => POLICY,
    recordAudit: async (entry) => {
      if (!this.audit.some(({ key }) => key === entry.key)) this.audit.push(entry);
      return { seq: 1, hash: 'h', detailDigest: 'd' };
    },
    recordAudits: async ({ entries }) => {
      for (const entry of entries) await this.acts.recordAudit(entry);
    },
    reserveCapacity: async ({ owner, rung }) => {
      if (this.full) throw businessFailure('InsufficientCapacity', `no room for ${rung.shape} in ${rung.zone}`);
      const reservationId = `cr-${owner.runId}`;
      this.reservations.set(reservationId, `${owner.workflowId} ${owner.runId}`);
      return { reservationId, zone: rung.zone, shape: rung.shape };
    },
    releaseReservations: async ({ owner }) => {
      for (const [id, of] of this.reservations) if (of === `${owner.workflowId} ${owner.runId}`) this.reservations.delete(id);
    },
  };
}
