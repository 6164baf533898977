import type { Notification } from '../domain/notifications/notification';
import { nextAttemptAtMs } from '../domain/notifications/next-attempt';
import { notificationOf } from '../domain/notifications/notification-of';
import type { Channel } from './channels-file';
import type { NotificationStore, Sender } from './ports';

export interface DeliveryChannel {
  readonly channel: Pick<Channel, 'name' | 'events' | 'services'>;
  readonly sender: Sender;
}

export interface DeliveryEvents {
  readonly onDelivered: (channel: string, notification: Notification) => void;
  /** @param nextAtMs null where it is given up */
  readonly onFailed: (channel: string, notification: Notification, error: string, nextAtMs: number | null) => void;
}

const RECORDS_AT_ONCE = 500;
const SENT_AT_ONCE = 20;
/** Longer than a sender may take for all of them. */
const LEASE_MS = 10 * 60_000;

/** Reads what is new in the audit for one channel, and sends what is due. Returns how many were sent or tried. */
export async function deliverOnce({ channel, sender }: DeliveryChannel, store: NotificationStore, events: DeliveryEvents, now: () => number): Promise<number> {
  const { name } = channel;
  for (;;) {
    const records = await store.unread(name, RECORDS_AT_ONCE);
    const last = records.at(-1);
    if (last === undefined) break;
    await store.queue(name, newsFor(channel, records.map(notificationOf)), last.seq, now());
  }
  const due = await store.takeDue(name, SENT_AT_ONCE, now(), LEASE_MS);
  for (const { notification, attempts, queuedAtMs } of due) {
    try {
      await sender.send(notification);
      await store.delivered(name, notification.key);
      events.onDelivered(name, notification);
    } catch (error) {
      const nextAtMs = nextAttemptAtMs(attempts, queuedAtMs, now());
      const why = error instanceof Error ? error.message : String(error);
      await store.failed(name, notification.key, why, nextAtMs);
      events.onFailed(name, notification, why, nextAtMs);
    }
  }
  return due.length;
}

function newsFor({ events, services }: DeliveryChannel['channel'], made: readonly (Notification | null)[]): Notification[] {
  const wanted = made.filter((one) => one !== null && events.includes(one.event) && (services.length === 0 || services.includes(one.service ?? ''))) as Notification[];
  // Two records of one batch may be the same news.
  return [...new Map(wanted.map((one) => [one.key, one])).values()];
}
