import type { WorkflowHandle } from '@temporalio/client';
import type { Directive } from '../control/protocol';
import type { Slot } from '../fleet/fleet';

/** What makes a workflow go back where it would have gone on. */
export interface Turn {
  readonly activity: string;
  readonly occurrence: number;
  readonly directive: Directive;
}

export interface WorkflowStart {
  readonly type: string;
  readonly workflowId: string;
  readonly input: unknown;
}

/** How a workflow ended: its result's kind, or that it has none. */
export interface Ended {
  readonly kind: string;
  readonly reasons: readonly string[];
  /** What it says that it left over. */
  readonly left: readonly string[];
  /** All of its result; null where it has none. */
  readonly result: unknown;
}

/** One way through a workflow that changes something. */
export interface Scenario {
  /** Workflow type and what is particular, such as `migrateInstance/none`. */
  readonly name: string;
  /** Kind of the result, without any fault. */
  readonly expects: string;
  readonly turn?: Turn;
  /** How many instances its service has at the beginning; default: 1. */
  readonly instances?: number;
  /** Before the first of these activities something is written to the source's data volume. */
  readonly writesBefore?: string;
  readonly start: (slot: Slot) => WorkflowStart;
  /** What an operator does while it runs; ends by itself when the workflow is over. */
  readonly meanwhile?: (handle: WorkflowHandle, isOver: () => boolean, slot: Slot) => Promise<void>;
  /** Whether `abort` is an update of it. */
  readonly canAbort?: boolean;
  /** Who stands and serves afterwards, of those before; or whoever, if they are as many. */
  readonly serving: ((slot: Slot, ended: Ended) => readonly string[]) | 'as many';
  /** Its slot is not for another case. */
  readonly isSpent?: boolean;
  /** Of these, what is to be taken away so that the slot is as it was. */
  readonly added?: (ended: Ended) => readonly string[];
}

export const NO_FURTHER: Directive = { kind: 'fail', type: 'VerificationFailed', message: 'the scenario turns back here', isRetryable: false };
