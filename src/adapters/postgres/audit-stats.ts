import { sql } from 'kysely';
import type { Database } from './database';

export interface AuditCount {
  readonly name: string;
  readonly count: number;
}

/** What a stretch of the audit holds. */
export interface AuditStats {
  readonly records: number;
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
  readonly byKind: readonly AuditCount[];
  readonly byActor: readonly AuditCount[];
  /** Of migrations that ended. */
  readonly outcomes: readonly AuditCount[];
  /** From a migration's first record to its outcome; null where none ended. */
  readonly medianMigrationMs: number | null;
  /** Most frequent reasons of outcomes other than `Completed`. */
  readonly reasons: readonly AuditCount[];
}

const MOST_NAMES = 10;

/** Counts what was written between two moments. */
export async function auditStats(db: Database, { sinceMs = 0, untilMs = Number.MAX_SAFE_INTEGER }: { readonly sinceMs?: number | undefined; readonly untilMs?: number | undefined }): Promise<AuditStats> {
  const within = sql`at_ms >= ${sinceMs} and at_ms < ${untilMs}`;
  const migrations = sql`workflow_id like 'migration/%' and kind = 'outcome'`;
  const counts = async (name: ReturnType<typeof sql>, where: ReturnType<typeof sql>): Promise<AuditCount[]> => {
    const { rows } = await sql<{ name: string | null; count: string }>`select ${name} as name, count(*) as count from audit where ${within} and ${where} group by 1 order by 2 desc, 1 limit ${MOST_NAMES}`.execute(db);
    return rows.map((row) => ({ name: row.name ?? '(none)', count: Number(row.count) }));
  };
  const { rows } = await sql<{ records: string; first: string | null; last: string | null }>`select count(*) as records, min(at_ms) as first, max(at_ms) as last from audit where ${within}`.execute(db);
  const { rows: durations } = await sql<{ median: number | null }>`
    select percentile_cont(0.5) within group (order by ended.at_ms - begun.at_ms) as median
    from (select workflow_id, audit_field(entry, 'runId') as run_id, at_ms from audit where ${within} and ${migrations}) ended
    cross join lateral (select min(at_ms) as at_ms from audit where audit.workflow_id = ended.workflow_id and audit_field(audit.entry, 'runId') = ended.run_id) begun`.execute(db);
  const all = rows[0];
  const median = durations[0]?.median ?? null;
  return {
    records: Number(all?.records ?? 0),
    firstAtMs: all?.first == null ? null : Number(all.first),
    lastAtMs: all?.last == null ? null : Number(all.last),
    byKind: await counts(sql`kind`, sql`true`),
    byActor: await counts(sql`actor`, sql`true`),
    outcomes: await counts(sql`outcome`, migrations),
    medianMigrationMs: median === null ? null : Math.round(median),
    reasons: await counts(sql`left(audit_field(entry, 'reason'), 120)`, sql`${migrations} and outcome <> 'Completed' and audit_field(entry, 'reason') is not null`),
  };
}
