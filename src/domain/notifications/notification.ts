/** What somebody may want to hear of. */
export const NOTIFICATION_EVENTS = ['plan', 'approval-wanted', 'hold', 'rollback', 'done', 'refused', 'needs-operator'] as const;

export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

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
  /** The record that it was made from. */
  readonly auditSeq: number;
}
