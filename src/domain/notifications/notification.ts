/** What somebody may want to hear of. */
export const NOTIFICATION_EVENTS = ['plan', 'approval-wanted', 'hold', 'rollback', 'done', 'refused', 'needs-operator', 'mode'] as const;

export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

/** What waits for somebody's approval: one migration's plan, or a fleet's. */
export interface ApprovalWanted {
  readonly planHash: string;
  /** Silence until then is a refusal. */
  readonly untilMs: number;
  readonly subject: { readonly kind: 'migration'; readonly instanceId: string } | { readonly kind: 'plan'; readonly planId: string };
}

/** One piece of news, made from one record of the audit. */
export interface Notification {
  /** News with the same key is the same news. */
  readonly key: string;
  readonly event: NotificationEvent;
  /** A line. */
  readonly title: string;
  /** Why; may be empty. */
  readonly text: string;
  /** What to type next, where there is something to do. */
  readonly command: string | null;
  readonly atMs: number;
  readonly instanceId: string | null;
  readonly service: string | null;
  readonly workflowId: string;
  readonly runId: string;
  /** Absent where nothing waits, and in news from before it was told. */
  readonly approval?: ApprovalWanted;
  /** The record that it was made from. */
  readonly auditSeq: number;
}
