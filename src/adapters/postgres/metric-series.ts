import { sql } from 'kysely';
import type { SeriesPoints } from '../../activities/metric-history-port';
import type { SeriesKey } from '../../domain/collected-metric';
import type { Database } from './database';

/** Makes the series known and notes what is known of them. @returns their ids, in order */
export async function registerSeries(db: Database, series: readonly SeriesPoints[], askedFromMs: number): Promise<number[]> {
  const latest = new Map<string, { key: SeriesKey; lastAtMs: number | null }>();
  for (const { key, points } of series) {
    const before = latest.get(nameOf(key))?.lastAtMs ?? null;
    const lastAtMs = points.reduce<number | null>((last, { atMs }) => (last === null || atMs > last ? Math.floor(atMs / key.stepMs) * key.stepMs : last), before);
    latest.set(nameOf(key), { key, lastAtMs });
  }
  const rows = [...latest.values()].map(({ key, lastAtMs }) => ({
    resource: key.resource,
    metric: key.metric,
    step_ms: key.stepMs,
    asked_from_ms: String(askedFromMs),
    last_at_ms: lastAtMs === null ? null : String(lastAtMs),
  }));
  const found = await db
    .insertInto('metric_series')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['resource', 'metric', 'step_ms']).doUpdateSet({
        asked_from_ms: sql`least(metric_series.asked_from_ms, excluded.asked_from_ms)`,
        // Both functions pass over nulls.
        last_at_ms: sql`greatest(metric_series.last_at_ms, excluded.last_at_ms)`,
      }),
    )
    .returning(['id', 'resource', 'metric', 'step_ms'])
    .execute();
  const ids = new Map(found.map((row) => [`${row.resource}/${row.metric}/${row.step_ms}`, row.id]));
  return series.map(({ key }) => ids.get(nameOf(key)) as number);
}

/** What is known of series, by `nameOf`. */
export async function findSeries(db: Database, keys: readonly SeriesKey[]): Promise<Map<string, { id: number; askedFromMs: number; lastAtMs: number | null }>> {
  const { rows } = await sql<{ id: number; resource: string; metric: string; step_ms: number; asked_from_ms: string; last_at_ms: string | null }>`
    select s.* from metric_series s
    join unnest(${keys.map(({ resource }) => resource)}::text[], ${keys.map(({ metric }) => metric)}::text[], ${keys.map(({ stepMs }) => stepMs)}::integer[])
      as k (resource, metric, step_ms) on s.resource = k.resource and s.metric = k.metric and s.step_ms = k.step_ms`.execute(db);
  return new Map(
    rows.map((row) => [
      `${row.resource}/${row.metric}/${row.step_ms}`,
      { id: row.id, askedFromMs: Number(row.asked_from_ms), lastAtMs: row.last_at_ms === null ? null : Number(row.last_at_ms) },
    ]),
  );
}

export function nameOf({ resource, metric, stepMs }: SeriesKey): string {
  return `${resource}/${metric}/${stepMs}`;
}
