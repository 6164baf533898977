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

/** One way through a workflow that changes something. */
export interface Scenario {
  /** Workflow type and what is particular, such as `migrateInstance/none`. */
  readonly name: string;
  /** Kind of the result, without any fault. */
  readonly expects: string;
  readonly turn?: Turn;
  /** Of which activities only what follows the first of this type is the scenario's own; the rest is another's. */
  readonly start: (slot: Slot) => WorkflowStart;
  /** Before the first of these activities something is written to the source's data volume. */
  readonly writesBefore?: string;
}
