import { sql, type RawBuilder } from 'kysely';
import type { AccuracyFilter, AccuracyStore, ScoredForecast } from '../../activities/accuracy-port';
import type { LoadMetric, ResourceForecast } from '../../domain/forecast';
import type { AccuracySummary, AccuracyWindow } from '../../domain/forecast-accuracy';
import type { Database } from './database';
import { inTransaction, whileReachable } from './while-reachable';

const CANNOT = 'the accuracy of forecasts cannot be';
const ROWS_AT_ONCE = 500;

/** Scores of forecasts in Postgres; see accuracy-schema.ts. */
export function createAccuracyStore(db: Database): AccuracyStore {
  return {
    due: ({ sinceMs, endedBeforeMs, limit }) =>
      whileReachable(`${CANNOT} read`, async () => {
        // Ids are digests: in their order, the first ones are a random sample.
        const { rows } = await sql<{ id: string; pool: string; body: string }>`select f.id, f.pool, f.body ${unscored(sinceMs, endedBeforeMs)} order by f.id limit ${limit}`.execute(db);
        return rows.map(({ id, pool, body }) => ({ forecastId: id, pool, forecast: JSON.parse(body) as ResourceForecast }));
      }),
    countDue: ({ sinceMs, endedBeforeMs }) =>
      whileReachable(`${CANNOT} read`, async () => {
        const { rows } = await sql<{ count: string }>`select count(*) as count ${unscored(sinceMs, endedBeforeMs)}`.execute(db);
        return Number(rows[0]?.count);
      }),
    save: (scores) =>
      whileReachable(`${CANNOT} written`, async () => {
        for (let at = 0; at < scores.length; at += ROWS_AT_ONCE) {
          const rows = scores.slice(at, at + ROWS_AT_ONCE).map(rowOf);
          await db.insertInto('forecast_score').values(rows).onConflict((conflict) => conflict.columns(['forecast_id', 'horizon_ms']).doNothing()).execute();
        }
      }),
    summarize: (filter) => whileReachable(`${CANNOT} read`, () => summarize(db, filter)),
    window: ({ pool, model, fromMs, toMs }) => whileReachable(`${CANNOT} read`, () => accuracyWhere(db, sql`pool = ${pool} and model = ${model} and issued_at_ms >= ${String(fromMs)} and issued_at_ms < ${String(toMs)}`)),
    deleteBefore: (atMs) =>
      inTransaction(db, `${CANNOT} shortened`, async (transaction) => {
        await transaction.deleteFrom('forecast_score').where('issued_at_ms', '<', String(atMs)).execute();
        const gone = await transaction.deleteFrom('forecast').where('issued_at_ms', '<', String(atMs)).executeTakeFirst();
        return Number(gone.numDeletedRows);
      }),
  };
}

function unscored(sinceMs: number, endedBeforeMs: number): RawBuilder<unknown> {
  return sql`from forecast f where f.issued_at_ms >= ${String(sinceMs)} and f.issued_at_ms + f.horizon_ms < ${String(endedBeforeMs)}
    and not exists (select 1 from forecast_score s where s.forecast_id = f.id)`;
}

interface SummaryRow {
  readonly pool: string;
  readonly metric: LoadMetric;
  readonly horizon_ms: string;
  readonly model: string;
  readonly forecasts: string;
  readonly mean_log_ratio: number | null;
  readonly absolute_error: number;
  readonly bias: number;
  readonly covered80: number;
  readonly covered90: number;
  readonly peak_held: number | null;
}

async function summarize(db: Database, { pool, metric, sinceMs }: AccuracyFilter): Promise<AccuracySummary[]> {
  const { rows } = await sql<SummaryRow>`
    select pool, metric, horizon_ms, model, count(*) as forecasts, avg(log_ratio) as mean_log_ratio, avg(absolute_error) as absolute_error, avg(bias) as bias,
      avg(covered80) as covered80, avg(covered90) as covered90, avg(peak_held::int)::double precision as peak_held
    from forecast_score
    where steps > 0 and issued_at_ms >= ${String(sinceMs)} and pool = coalesce(${pool ?? null}::text, pool) and metric = coalesce(${metric ?? null}::text, metric)
    group by pool, metric, horizon_ms, model order by pool, metric, horizon_ms, model`.execute(db);
  return rows.map((row) => ({
    pool: row.pool,
    metric: row.metric,
    horizonMs: Number(row.horizon_ms),
    model: row.model,
    forecasts: Number(row.forecasts),
    relativeLoss: row.mean_log_ratio === null ? null : Math.exp(row.mean_log_ratio),
    absoluteError: row.absolute_error,
    bias: row.bias,
    covered80: row.covered80,
    covered90: row.covered90,
    peakHeld: row.peak_held,
  }));
}

/** The accuracy of the scored forecasts that this condition names, each subject counting once. */
export async function accuracyWhere(db: Database, where: RawBuilder<unknown>): Promise<AccuracyWindow> {
  const { rows } = await sql<{ subjects: string; forecasts: string | null; mean: number | null; deviation: number | null; covered90: number | null }>`
    select count(*) as subjects, sum(forecasts) as forecasts, avg(mean) as mean, stddev_samp(mean) as deviation, avg(covered90) as covered90
    from (
      select count(distinct forecast_id) as forecasts, avg(log_ratio) as mean, avg(covered90) as covered90 from forecast_score
      where steps > 0 and log_ratio is not null and ${where} group by subject
    ) as by_subject`.execute(db);
  const [row] = rows;
  const subjects = Number(row?.subjects ?? 0);
  return {
    subjects,
    forecasts: Number(row?.forecasts ?? 0),
    meanLogRatio: row?.mean ?? null,
    standardError: row?.deviation == null ? null : row.deviation / Math.sqrt(subjects),
    covered90: row?.covered90 ?? null,
  };
}

function rowOf({ forecastId, pool, subject, metric, model, issuedAtMs, horizonMs, score }: ScoredForecast) {
  return {
    forecast_id: forecastId,
    horizon_ms: String(horizonMs),
    pool,
    subject,
    metric,
    model,
    issued_at_ms: String(issuedAtMs),
    steps: score?.steps ?? 0,
    loss: score?.loss ?? null,
    reference_loss: score?.referenceLoss ?? null,
    log_ratio: score?.logRatio ?? null,
    absolute_error: score?.absoluteError ?? null,
    bias: score?.bias ?? null,
    covered80: score?.covered80 ?? null,
    covered90: score?.covered90 ?? null,
    peak_held: score?.peakHeld ?? null,
  };
}
