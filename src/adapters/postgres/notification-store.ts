import { sql } from 'kysely';
import type { AuditEntry } from '../../contracts/audit';
import type { Notification } from '../../domain/notifications/notification';
import type { NotificationStore } from '../../notifications/ports';
import type { Database } from './database';

export interface NotificationState {
  readonly channel: string;
  readonly state: 'waiting' | 'delivered' | 'given up';
  readonly attempts: number;
  readonly error: string | null;
  readonly notification: Notification;
}

/** Notifications in Postgres. The audit is what they are made from: nothing has to be told to them, and nothing waits for them. */
export function createNotificationStore(db: Database): NotificationStore {
  return {
    async unread(channel, limit) {
      await sql`insert into notification_cursor select ${channel}, coalesce(max(seq), 0) from audit on conflict do nothing`.execute(db);
      const rows = await db
        .selectFrom('audit')
        .select(['seq', 'entry'])
        .where('seq', '>', (eb) => eb.selectFrom('notification_cursor').select('notification_cursor.seq').where('channel', '=', channel))
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ seq, entry }) => ({ ...(JSON.parse(entry) as AuditEntry), seq: Number(seq) }));
    },
    async queue(channel, notifications, readToSeq, nowMs) {
      await db.transaction().execute(async (transaction) => {
        const rows = notifications.map((notification) => ({ channel, key: notification.key, body: JSON.stringify(notification), state: 'waiting', queued_at_ms: String(nowMs), due_at_ms: String(nowMs) }));
        if (rows.length > 0) await transaction.insertInto('notification').values(rows).onConflict((conflict) => conflict.doNothing()).execute();
        // Another process may have read further.
        await transaction.updateTable('notification_cursor').set({ seq: String(readToSeq) }).where('channel', '=', channel).where('seq', '<', String(readToSeq)).execute();
      });
    },
    async takeDue(channel, limit, nowMs, leaseMs) {
      const { rows } = await sql<{ body: string; attempts: number; queued_at_ms: string }>`
        update notification set due_at_ms = ${nowMs + leaseMs}, attempts = attempts + 1
        where (channel, key) in (
          select channel, key from notification where channel = ${channel} and state = 'waiting' and due_at_ms <= ${nowMs} order by due_at_ms, key limit ${limit} for update skip locked)
        returning body, attempts, queued_at_ms`.execute(db);
      return rows.map((row) => ({ notification: JSON.parse(row.body) as Notification, attempts: row.attempts, queuedAtMs: Number(row.queued_at_ms) })).toSorted((a, b) => a.notification.auditSeq - b.notification.auditSeq);
    },
    async delivered(channel, key) {
      await db.updateTable('notification').set({ state: 'delivered', error: null }).where('channel', '=', channel).where('key', '=', key).execute();
    },
    async failed(channel, key, error, dueAtMs) {
      const next = dueAtMs === null ? { state: 'given up' } : { due_at_ms: String(dueAtMs) };
      await db.updateTable('notification').set({ error, ...next }).where('channel', '=', channel).where('key', '=', key).execute();
    },
  };
}

/** The newest first. */
export async function listNotifications(db: Database, limit: number): Promise<NotificationState[]> {
  const rows = await db.selectFrom('notification').selectAll().orderBy('queued_at_ms', 'desc').orderBy('key').limit(limit).execute();
  return rows.map(({ channel, state, attempts, error, body }) => ({ channel, state: state as NotificationState['state'], attempts, error, notification: JSON.parse(body) as Notification }));
}
