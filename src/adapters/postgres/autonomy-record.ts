import { sql } from 'kysely';
import type { Rehearsed } from '../../contracts/rehearse-rollback';
import { MIGRATION_PREFIX } from '../../contracts/workflow-ids';
import { DRILL_ACTOR } from '../../domain/autonomy/actors';
import type { AutonomyRecord, DrillRecord, ForecastRecord } from '../../domain/autonomy/autonomy-record';
import { FIRST_MODE } from '../../domain/autonomy/decide-autonomy';
import { tallyMoves } from '../../domain/autonomy/tally-moves';
import type { FleetMode } from '../../domain/fleet-plan/plan-modes';
import { accuracyWhere } from './accuracy-store';
import type { Database } from './database';

/** Of more moves the newest tell. */
const MOST_MOVES = 200;

/** A pool's record, and where in the audit and in its changes it stands. */
export interface StandingRecord {
  readonly record: AutonomyRecord;
  readonly number: number;
  readonly untilSeq: string;
}

/** What was measured of a pool, from the scores of forecasts and from the audit. Repeatable within a transaction alone. */
export async function readAutonomyRecord(db: Database, pool: string, { nowMs, latelyMs }: { readonly nowMs: number; readonly latelyMs: number }): Promise<StandingRecord> {
  const now = await db.selectFrom('autonomy_mode').selectAll().where('pool', '=', pool).orderBy('number', 'desc').limit(1).executeTakeFirst();
  // Records come into the audit in the order of their numbers: what is beyond this is for the next look.
  const { seq: untilSeq } = await db.selectFrom('audit').select(sql<string>`coalesce(max(seq), 0)`.as('seq')).executeTakeFirstOrThrow();
  const cap = await db.selectFrom('autonomy_cap').select(['mode', 'reason']).where('pool', '=', pool).executeTakeFirst();
  const sinceMs = Number(now?.since_ms ?? 0);
  return {
    record: {
      pool,
      nowMs,
      mode: (now?.mode ?? FIRST_MODE) as FleetMode,
      sinceMs,
      lately: await forecastsSince(db, pool, nowMs - latelyMs),
      sinceChange: await forecastsSince(db, pool, sinceMs),
      ...(await movesBetween(db, pool, now?.since_seq ?? '0', untilSeq)),
      drill: await newestDrill(db, pool, untilSeq),
      cap: cap === undefined ? null : { mode: cap.mode as FleetMode, reason: cap.reason },
    },
    number: now?.number ?? 0,
    untilSeq,
  };
}

async function forecastsSince(db: Database, pool: string, sinceMs: number): Promise<ForecastRecord> {
  const { forecasts, meanLogRatio, covered90 } = await accuracyWhere(db, sql`pool = ${pool} and issued_at_ms >= ${String(Math.round(sinceMs))}`);
  return { forecasts, relativeLoss: meanLogRatio === null ? null : Math.exp(meanLogRatio), covered90 };
}

/** Rehearsals are no moves. */
async function movesBetween(db: Database, pool: string, sinceSeq: string, untilSeq: string): Promise<Pick<AutonomyRecord, 'incidents' | 'moves'>> {
  const { rows } = await sql<{ workflow_id: string; at_ms: string; outcome: string; aborted_by: string | null }>`
    select workflow_id, at_ms, outcome, (
      select said.actor from audit said where said.workflow_id = ended.workflow_id and said.kind = 'operator' and starts_with(audit_field(said.entry, 'summary'), 'abort: ') and audit_field(said.entry, 'runId') = audit_field(ended.entry, 'runId') order by said.seq limit 1) as aborted_by
    from audit ended
    where service = ${pool} and kind = 'outcome' and outcome is not null and starts_with(workflow_id, ${MIGRATION_PREFIX}) and actor <> ${DRILL_ACTOR} and seq > ${sinceSeq} and seq <= ${untilSeq}
    order by seq desc limit ${MOST_MOVES}`.execute(db);
  return tallyMoves(rows.reverse().map((row) => ({ workflowId: row.workflow_id, atMs: Number(row.at_ms), outcome: row.outcome, abortedBy: row.aborted_by })));
}

/** One that was refused, or broke off and went back whole, tells nothing of the way back: the one before it goes on ageing. */
async function newestDrill(db: Database, pool: string, untilSeq: string): Promise<DrillRecord | null> {
  const row = await db
    .selectFrom('audit')
    .select(['at_ms', 'outcome', sql<string | null>`audit_field(entry, 'detail')`.as('detail')])
    .where('service', '=', pool)
    .where('kind', '=', 'outcome')
    .where('actor', '=', DRILL_ACTOR)
    .where('outcome', 'in', ['Rehearsed', 'NeedsOperator'])
    .where('seq', '<=', untilSeq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const rehearsed = row.outcome === 'Rehearsed' ? (JSON.parse(row.detail ?? 'null') as Rehearsed | null) : null;
  return { atMs: Number(row.at_ms), passed: rehearsed !== null && rehearsed.verdict?.kind !== 'fail', timeToSafeMs: rehearsed?.timeToSafeMs ?? null };
}
