import { sql } from 'kysely';
import { nextDueMs } from '../../domain/triggers/trigger-memory';
import type { TriggerMemory } from '../../domain/triggers/trigger-memory';
import type { TriggerStore } from '../../triggers/ports';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

/** The triggers' memory in Postgres; see trigger-schema.ts. */
export function createTriggerStore(db: Database, now: () => number): TriggerStore {
  return {
    load: (subjects) =>
      whileReachable('what is remembered of triggers cannot be read', async () => {
        if (subjects.length === 0) return new Map();
        const rows = await db.selectFrom('trigger_memory').select(['subject', 'memory', 'version']).where('subject', 'in', [...new Set(subjects)]).execute();
        return new Map(rows.map(({ subject, memory, version }) => [subject, { memory: JSON.parse(memory) as TriggerMemory, version }]));
      }),
    save: (changes) =>
      whileReachable('what is remembered of triggers cannot be written', async () => {
        if (changes.length === 0) return new Set();
        const written = await sql<{ subject: string }>`
          insert into trigger_memory (subject, memory, version, due_at_ms, written_at_ms)
          select subject, memory, version, due_at_ms, ${String(now())}::bigint
          from unnest(${changes.map(({ subject }) => subject)}::text[], ${changes.map(({ memory }) => JSON.stringify(memory))}::text[], ${changes.map(({ version }) => version + 1)}::integer[], ${changes.map(({ memory }) => dueOf(memory))}::bigint[])
            as change (subject, memory, version, due_at_ms)
          on conflict (subject) do update set memory = excluded.memory, version = excluded.version, due_at_ms = excluded.due_at_ms, written_at_ms = excluded.written_at_ms
            where trigger_memory.version = excluded.version - 1
          returning subject`.execute(db);
        return new Set(written.rows.map(({ subject }) => subject));
      }),
    due: (beforeMs, limit) =>
      whileReachable('what is due of triggers cannot be read', async () => {
        const rows = await db.selectFrom('trigger_memory').select('subject').where('due_at_ms', '<', String(beforeMs)).orderBy('due_at_ms').limit(limit).execute();
        return rows.map(({ subject }) => subject);
      }),
    forget: (beforeMs) =>
      whileReachable('old memories of triggers cannot be forgotten', async () => {
        await db.deleteFrom('trigger_memory').where('due_at_ms', 'is', null).where('written_at_ms', '<', String(beforeMs)).execute();
      }),
  };
}

function dueOf(memory: TriggerMemory): string | null {
  const dueMs = nextDueMs(memory);
  return dueMs === null ? null : String(Math.round(dueMs));
}
