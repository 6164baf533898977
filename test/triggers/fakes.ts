import type { AuditEntry } from '../../src/contracts/audit';
import { retryableFailure } from '../../src/contracts/errors';
import type { EnqueueAnswer } from '../../src/domain/queue/enqueue';
import type { MoveRequest } from '../../src/domain/queue/move-request';
import type { TriggerRule } from '../../src/domain/triggers/trigger-rule';
import { DEFAULT_TRIGGER_POLICY } from '../../src/domain/triggers/trigger-policy';
import { nextDueMs } from '../../src/domain/triggers/trigger-memory';
import type { IncidentState } from '../../src/domain/triggers/incident';
import type { PlannedWorkflow } from '../../src/domain/triggers/planned-start';
import { createIntake } from '../../src/triggers/intake';
import type { Intake, IntakeDependencies } from '../../src/triggers/intake';
import type { MessageQueue, QueueMessage, StoredMemory, TriggerStore, TriggerTemporal } from '../../src/triggers/ports';
import { FACTS } from '../activities/fake-ports';

/** As the one in Postgres: a change is written from the stored version only. */
export class MemoryStore implements TriggerStore {
  readonly rows = new Map<string, StoredMemory>();
  away = false;

  async load(subjects: readonly string[]): Promise<ReadonlyMap<string, StoredMemory>> {
    this.reached();
    return new Map(subjects.flatMap((subject) => { const row = this.rows.get(subject); return row === undefined ? [] : [[subject, row] as const]; }));
  }

  async save(changes: Parameters<TriggerStore['save']>[0]): Promise<ReadonlySet<string>> {
    this.reached();
    if (new Set(changes.map(({ subject }) => subject)).size < changes.length) throw new Error('a statement cannot write a row twice');
    const fresh = changes.filter(({ subject, version }) => (this.rows.get(subject)?.version ?? version) === version);
    for (const { subject, memory, version } of fresh) this.rows.set(subject, { memory, version: version + 1 });
    return new Set(fresh.map(({ subject }) => subject));
  }

  async due(beforeMs: number, limit: number): Promise<readonly string[]> {
    return [...this.rows].filter(([, { memory }]) => (nextDueMs(memory) ?? Infinity) < beforeMs).map(([subject]) => subject).slice(0, limit);
  }

  async forget(): Promise<void> {}

  private reached(): void {
    if (this.away) throw retryableFailure('Unavailable', 'the database is away');
  }
}

/** Temporal as triggers see it: queues that know an item once, workflows that start once. */
export class FakeTemporal implements TriggerTemporal {
  away = false;
  /** So many calls are carried out and their answers lost. */
  answersToLose = 0;
  readonly waiting = new Map<string, MoveRequest>();
  readonly everQueued: string[] = [];
  readonly started: string[] = [];

  async enqueue(_fleet: string, request: MoveRequest): Promise<EnqueueAnswer> {
    this.reached();
    const { itemId } = request;
    if (this.everQueued.includes(itemId)) return this.answer({ itemId, kind: 'duplicate', of: itemId });
    this.everQueued.push(itemId);
    this.waiting.set(itemId, request);
    return this.answer({ itemId, kind: 'queued', position: this.waiting.size });
  }

  async withdraw(_fleet: string, itemId: string): Promise<boolean> {
    this.reached();
    return this.answer(this.waiting.delete(itemId));
  }

  async start({ workflowId }: PlannedWorkflow): Promise<'started' | 'known'> {
    this.reached();
    if (this.started.includes(workflowId)) return this.answer('known');
    this.started.push(workflowId);
    return this.answer('started');
  }

  private reached(): void {
    if (this.away) throw retryableFailure('Unavailable', 'Temporal is away');
  }

  private answer<T>(answer: T): T {
    if (this.answersToLose === 0) return answer;
    this.answersToLose -= 1;
    throw retryableFailure('Unavailable', 'the answer was lost');
  }
}

/** As SQS: hidden for a while, there again where nobody removed it, in any order. */
export class MemoryQueue implements MessageQueue {
  readonly messages: (QueueMessage & { hiddenUntilMs: number })[] = [];
  readonly buried: { readonly body: string; readonly reason: string }[] = [];
  private sent = 0;

  constructor(private readonly now: () => number) {}

  send(body: string): void {
    this.sent += 1;
    this.messages.push({ messageId: `m${this.sent}`, body, receiptHandle: `r${this.sent}`, receiveCount: 0, hiddenUntilMs: 0 });
  }

  async receive({ hiddenSeconds }: { readonly hiddenSeconds: number }): Promise<readonly QueueMessage[]> {
    const seen = this.messages.filter(({ hiddenUntilMs }) => hiddenUntilMs <= this.now()).slice(0, 10);
    for (const message of seen) Object.assign(message, { receiveCount: message.receiveCount + 1, hiddenUntilMs: this.now() + hiddenSeconds * 1_000 });
    // The time of a long poll, so that others get their turn.
    if (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    return seen.map((message) => ({ ...message }));
  }

  async remove(messages: readonly QueueMessage[]): Promise<void> {
    for (const { messageId } of messages) this.messages.splice(this.messages.findIndex((one) => one.messageId === messageId), 1);
  }

  async hide(messages: readonly QueueMessage[], hiddenSeconds: number): Promise<void> {
    for (const { messageId } of messages) {
      const message = this.messages.find((one) => one.messageId === messageId);
      if (message !== undefined) message.hiddenUntilMs = this.now() + hiddenSeconds * 1_000;
    }
  }

  async bury({ body }: QueueMessage, reason: string): Promise<void> {
    this.buried.push({ body, reason });
  }
}

export const MATCH_ALL = { kinds: ['alarm', 'scheduledEvent', 'health', 'rebalance', 'interruption'], name: null, tags: {}, dimensions: {}, namespace: null, metric: null, accounts: [], regions: [] } as const;
export const MOVE_RULE: TriggerRule = {
  name: 'move',
  match: MATCH_ALL,
  then: { kind: 'wish', instance: '${instanceId}', fleet: 'shop', impactMinutes: 30, afterMs: 0, deadlineMs: null, onlyIfContended: false, zones: [], shapes: [] },
  withdrawOnOk: true,
};

/** An intake on fakes, and everything that a test looks at. */
export class IntakeWorld {
  nowMs = Date.UTC(2026, 10, 26, 10);
  readonly store = new MemoryStore();
  readonly temporal = new FakeTemporal();
  readonly audits = new Map<string, AuditEntry>();
  readonly states = new Map<string, IncidentState>();
  instances: 'all' | 'none' = 'all';

  /** A process of its own: what it has in memory is gone with it. */
  process(more: Partial<IntakeDependencies> = {}): Intake {
    return createIntake({
      rules: [MOVE_RULE],
      policy: DEFAULT_TRIGGER_POLICY,
      store: this.store,
      temporal: this.temporal,
      compute: {
        describe: async (instanceId) => {
          if (this.instances === 'none') throw Object.assign(new Error(`instance ${instanceId} does not exist`), { type: 'NotFound' });
          return { ...FACTS, instanceId };
        },
        shape: async () => { throw Object.assign(new Error('no such shape'), { type: 'NotFound' }); },
      },
      alarms: { stateOf: async (arn) => this.states.get(arn) ?? null, tagsOf: async () => ({}) },
      audit: {
        append: async (entry) => {
          if (!this.audits.has(entry.key)) this.audits.set(entry.key, entry);
          return { seq: this.audits.size, hash: '', detailDigest: '' };
        },
      },
      now: () => this.nowMs,
      ...more,
    });
  }
}
