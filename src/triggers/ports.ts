import type { EnqueueAnswer } from '../domain/queue/enqueue';
import type { MoveRequest } from '../domain/queue/move-request';
import type { PlannedWorkflow } from '../domain/triggers/planned-start';
import type { TriggerMemory } from '../domain/triggers/trigger-memory';
import type { IncidentState } from '../domain/triggers/incident';

export interface StoredMemory {
  readonly memory: TriggerMemory;
  /** Rises by one with each write; 0: nothing is stored. */
  readonly version: number;
}

export interface MemoryChange {
  readonly subject: string;
  readonly memory: TriggerMemory;
  /** The version that the change was made from. */
  readonly version: number;
}

/** What is remembered of every subject, for longer than any message lives. Throws `Unavailable` where it cannot be reached. */
export interface TriggerStore {
  load(subjects: readonly string[]): Promise<ReadonlyMap<string, StoredMemory>>;
  /** Writes each change whose version is still the stored one; returns the subjects that were written. No subject twice. */
  save(changes: readonly MemoryChange[]): Promise<ReadonlySet<string>>;
  /** Subjects with an act that was due before then. */
  due(beforeMs: number, limit: number): Promise<readonly string[]>;
  /** Forgets subjects without an act that were written last before then. */
  forget(beforeMs: number): Promise<void>;
}

/** Temporal. Every call ends in bounded time; throws `Unavailable` where nothing is known of its outcome, and business errors where it was refused. */
export interface TriggerTemporal {
  enqueue(fleet: string, request: MoveRequest): Promise<EnqueueAnswer>;
  /** Takes a queued move out; false where it does not wait there (any more). */
  withdraw(fleet: string, itemId: string, reason: string): Promise<boolean>;
  /** `known`: one of that id runs or ran. */
  start(workflow: PlannedWorkflow): Promise<'started' | 'known'>;
}

/** What only CloudWatch knows of an alarm. */
export interface AlarmDirectory {
  /** Null where there is no such alarm. */
  stateOf(alarmArn: string): Promise<IncidentState | null>;
  tagsOf(alarmArn: string): Promise<Readonly<Record<string, string>>>;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly receiptHandle: string;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
}

/** A queue of messages that stay until they are removed. */
export interface MessageQueue {
  /** Waits for messages; they are hidden from others for so long. Returns at once where the signal says so. */
  receive(options: { readonly waitSeconds: number; readonly hiddenSeconds: number; readonly signal: AbortSignal }): Promise<readonly QueueMessage[]>;
  remove(messages: readonly QueueMessage[]): Promise<void>;
  /** Hides them for so long from now on; 0: they are there again. */
  hide(messages: readonly QueueMessage[], hiddenSeconds: number): Promise<void>;
  /** Copies a message to the dead-letter queue, with the reason as its attribute `foreshift-reason`. */
  bury(message: QueueMessage, reason: string): Promise<void>;
}
