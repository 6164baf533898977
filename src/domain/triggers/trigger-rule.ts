import type { IncidentKind } from './incident';

/** What an incident must be like; what is left out is anything. Patterns take `*` for any text. */
export interface RuleMatch {
  readonly kinds: readonly IncidentKind[];
  /** The alarm's name, or the event's type. */
  readonly name: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly namespace: string | null;
  readonly metric: string | null;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

/** A move that is asked of the fleet's queue. Texts may hold placeholders. */
export interface WishTemplate {
  readonly kind: 'wish';
  readonly instance: string;
  readonly fleet: string | null;
  readonly impactMinutes: number;
  /** After the change; 0: at once. */
  readonly afterMs: number;
  /** After the change; null: the event's own deadline, where it has one. */
  readonly deadlineMs: number | null;
  readonly onlyIfContended: boolean;
  readonly zones: readonly string[];
  readonly shapes: readonly string[];
}

/** A workflow that is started; texts in its input may hold placeholders. */
export interface WorkflowTemplate {
  readonly kind: 'workflow';
  readonly workflowType: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Names its incident and says what that begins; null: nothing, and that is meant so. */
export interface TriggerRule {
  readonly name: string;
  readonly match: RuleMatch;
  readonly then: WishTemplate | WorkflowTemplate | null;
  /** Whether an OK takes back what has not begun. */
  readonly withdrawOnOk: boolean;
}

