import type { NewsRecord } from '../domain/notifications/notification-of';
import type { ApprovalWanted, Notification } from '../domain/notifications/notification';

/** Where news go. Throws where it is not known that they arrived; the same news may then come twice, with the same key. */
export interface Sender {
  send(notification: Notification): Promise<void>;
}

/** Where a reader goes from news; null where there is nothing to go to. */
export type LinkOf = (notification: Notification) => Promise<string | null>;

/** Links that approve one thing, once, without a login: who holds one is who may. */
export interface ApprovalLinks {
  /** A new secret, good until the approval is no longer waited for. @param channel whom it is given to */
  issue(wanted: ApprovalWanted, channel: string): Promise<string>;
}

export interface WaitingNotification {
  readonly notification: Notification;
  readonly attempts: number;
  readonly queuedAtMs: number;
}

/** What each channel still has to deliver. It outlives the process. */
export interface NotificationStore {
  /** The next records of the audit that the channel has not read; a new channel begins with what comes from now on. */
  unread(channel: string, limit: number): Promise<readonly NewsRecord[]>;
  /** Notes what is to be delivered, each key once, and that the channel has read up to that record: both or neither. */
  queue(channel: string, notifications: readonly Notification[], readToSeq: number, nowMs: number): Promise<void>;
  /** Takes what is due, the oldest first, for as long as `leaseMs`: no other process takes it meanwhile. */
  takeDue(channel: string, limit: number, nowMs: number, leaseMs: number): Promise<readonly WaitingNotification[]>;
  delivered(channel: string, key: string): Promise<void>;
  /** @param dueAtMs of the next attempt; null where it is given up */
  failed(channel: string, key: string, error: string, dueAtMs: number | null): Promise<void>;
}
