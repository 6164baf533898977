import { unfinishedResizeOf } from '../../src/activities/resize-record-of';
import type { ShapeLook } from '../../src/contracts/adjust-shape';
import type { AuditEntry } from '../../src/contracts/audit';
import { businessFailure, retryableFailure } from '../../src/contracts/errors';
import type { EnqueueArgs } from '../../src/contracts/migration-queue';
import type { MoveRequest } from '../../src/domain/queue/move-request';
import { INITIAL_STATE } from '../../src/domain/shapes/adjustment/adjustment-state';
import type { AdjustmentMeans } from '../../src/domain/shapes/adjustment/decide-adjustment';
import { shape } from './fixtures';

/** One instance in memory: what is decided of it, and what is done to it. */
export class FakeInstance {
  state = 'running';
  shape = 'm7i.large';
  registered = true;
  fleet: string | null = 'shop';
  /** What the looks say, one after the other; the last again and again. */
  looks: (ShapeLook['kind'] | AdjustmentMeans)[] = ['weighed'];
  beyondBudget: string | null = null;
  /** It was stopped while it was listed in its group. */
  wasCutOff = false;
  readonly memories: unknown[] = [];
  readonly queued: MoveRequest[] = [];
  readonly audit: AuditEntry[] = [];
  /** Fails these by name: for ever with a type, or once after the act was done. */
  readonly failing = new Map<string, 'InsufficientCapacity' | 'reply lost'>();

  private look(): ShapeLook {
    const next = (this.looks.length > 1 ? this.looks.shift() : this.looks[0]) ?? 'weighed';
    const memory = { state: { ...INITIAL_STATE, changedAtMs: this.memories.length }, expected: null };
    const instance = { name: 'web-1', service: 'web', fleet: this.fleet, zone: 'us-east-1a', shape: this.shape, targets: this.targets, move: { slaClass: 'relaxed' as const, sourcePool: 'us-east-1a', costUsd: 0.1 } };
    if (next === 'gone') return { kind: 'gone', replacementId: 'i-00000000000000002' };
    if (next === 'busy') return { kind: 'busy', reason: 'it is stopping' };
    if (next === 'weighed') return { kind: 'weighed', decision: { kind: 'keep', reason: 'm7i.large is the best' }, memory, instance, beyondBudget: this.beyondBudget };
    return { kind: 'weighed', memory, instance, beyondBudget: this.beyondBudget, decision: { kind: 'adjust', direction: 'down', target: shape('m7i.medium', 1, 0.05), means: next, usdPerHourBefore: 0.1, usdPerHourAfter: 0.05, oneOffUsd: 0.02, reason: 'it idles' } };
  }

  private readonly targets = [{ targetGroupArn: 'arn:pool', port: 8080 }];

  readonly activities = {
    resolvePolicy: async () => ({ pollMs: 1_000 }),
    recordAudit: async (entry: AuditEntry) => {
      if (!this.audit.some(({ key }) => key === entry.key)) this.audit.push(entry);
      return { seq: 1, hash: 'h', detailDigest: 'd' };
    },
    weighShape: async ({ memory }: { memory: unknown }) => {
      this.memories.push(memory);
      return this.look();
    },
    enqueueMoves: async ({ requests }: EnqueueArgs) => {
      this.queued.push(...requests);
      return requests.map(({ itemId }, i) => ({ itemId, kind: 'queued', position: i }));
    },
    recallResize: async ({ workflowId }: { workflowId: string }) => unfinishedResizeOf(this.audit.filter((entry) => entry.workflowId === workflowId)),
    inspectForResize: async ({ budget: { maximumUsdPerHour = Infinity } }: { budget: { maximumUsdPerHour?: number } }) => {
      if (maximumUsdPerHour < 0.05) throw businessFailure('BudgetExceeded', 'm7i.medium costs 0.0500 USD an hour');
      if (!this.registered) throw businessFailure('Conflict', 'it is the last healthy target');
      return { name: 'web-1', service: 'web', fleet: this.fleet, zone: 'us-east-1a', shape: this.shape, targets: this.targets, move: { slaClass: 'relaxed', sourcePool: 'us-east-1a', costUsd: 0.1 }, cost: { usdPerHourBefore: 0.1, usdPerHourAfter: 0.05, oneOffUsd: 0 } };
    },
    deregisterTarget: async () => this.act('deregisterTarget', () => (this.registered = false)),
    registerTarget: async () => this.act('registerTarget', () => (this.registered = true)),
    awaitTargetDrained: async () => this.require(!this.registered, 'it is drained'),
    awaitTargetHealthy: async () => this.require(this.registered && this.state === 'running', 'it serves'),
    stopShadow: async () => this.act('stopShadow', () => {
        this.wasCutOff ||= this.registered;
        this.state = 'stopped';
      }),
    awaitInstanceStopped: async () => this.require(this.state === 'stopped', 'it is stopped'),
    changeShape: async ({ shape: to }: { shape: string }) =>
      to === this.shape ||
      this.act('changeShape', () => {
        if (this.state !== 'stopped') throw businessFailure('Conflict', 'it is not stopped');
        this.shape = to;
      }),
    isRunningAs: async ({ shape: as }: { shape: string }) => this.state === 'running' && this.shape === as,
    startShadow: async () => this.act(`startShadow ${this.shape}`, () => (this.state = 'running')),
    awaitInstanceRunning: async () => this.require(this.state === 'running', 'it runs'),
    awaitInstanceHealthy: async () => this.require(this.state === 'running', 'its checks pass'),
  };

  /** Not stopped before the third look. */
  private looksAtStop = 0;
  async slowToStop(): Promise<void> {
    this.looksAtStop += 1;
    this.require(this.looksAtStop > 3, 'it is stopped');
  }

  private act(name: string, done: () => unknown): void {
    const failure = this.failing.get(name);
    if (failure === 'InsufficientCapacity') throw businessFailure('InsufficientCapacity', `${name}: there is no room`);
    done();
    if (failure === 'reply lost') {
      this.failing.delete(name);
      throw retryableFailure('Unavailable', `the answer of ${name} was lost`);
    }
  }

  private require(is: boolean, what: string): void {
    if (!is) throw retryableFailure('NotReadyYet', `not yet so that ${what}`);
  }
}
