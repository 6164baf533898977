/** SLA class of a service, strictest first. The relaxed are moved first and the critical last, because moving is a risk of its own. */
export type SlaClass = 'critical' | 'standard' | 'relaxed';

/** One move that somebody wants: a tick's plan, a drain or an operator. All that the queue needs to order it, and to hold it back. */
export interface MoveRequest {
  /** Names the request: a second one with the same id changes nothing. */
  readonly itemId: string;
  readonly instanceId: string;
  readonly name: string;
  readonly service: string;
  readonly slaClass: SlaClass;
  /** Where the instance is: a zone, a dedicated host or another pool. */
  readonly sourcePool: string;
  /** Where it shall go; null where the migration itself looks for a place. */
  readonly targetPool: string | null;
  /** Expected loss in overloaded minutes if it is not moved; what is compared between requests. */
  readonly impactMinutes: number;
  /** Not before: planned backwards from the deadline. */
  readonly notBeforeMs: number;
  /** When the overload is expected, or when a host goes away; null where nothing presses. */
  readonly deadlineAtMs: number | null;
  /** Double running and transfer. */
  readonly costUsd: number;
  readonly reason: string;
  readonly requestedBy: string;
  /** The decision or plan that it comes from, for the audit; null for an operator's own request. */
  readonly decisionId: string | null;
  /** Wanted against an overload alone, and no longer where none threatens. Drains, savings and operators move an instance that is not contended. */
  readonly onlyIfContended: boolean;
  /** Zones and shapes to try, in this order; empty: the migration chooses. */
  readonly zones: readonly string[];
  readonly shapes: readonly string[];
}
