import type { IncidentKind } from './incident';

/** A move that is asked of a fleet's queue. What else the queue needs is looked up when it is asked: nothing here may grow old. */
export interface PlannedWish {
  readonly kind: 'wish';
  readonly rule: string;
  readonly trigger: IncidentKind;
  /** When what is answered happened; absent in what was planned by earlier versions. */
  readonly changedAtMs?: number;
  readonly instanceId: string;
  /** Null: the instance's tag names it. */
  readonly fleet: string | null;
  readonly impactMinutes: number;
  readonly notBeforeMs: number;
  readonly deadlineAtMs: number | null;
  readonly onlyIfContended: boolean;
  readonly zones: readonly string[];
  readonly shapes: readonly string[];
  readonly reason: string;
}

/** A workflow that is started. */
export interface PlannedWorkflow {
  readonly kind: 'workflow';
  readonly rule: string;
  readonly trigger: IncidentKind;
  readonly workflowType: string;
  readonly workflowId: string;
  /** Not again either once it has ended. */
  readonly once: boolean;
  readonly input: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** What an incident begins, by the rule that names it. Plain JSON. */
export type PlannedStart = PlannedWish | PlannedWorkflow;
