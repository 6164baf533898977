import { sql } from 'kysely';
import type { MetricHistoryStore, SeriesPoints, StoredSeries } from '../../activities/metric-history-port';
import { businessFailure } from '../../contracts/errors';
import type { SeriesKey } from '../../domain/collected-metric';
import type { Database } from './database';
import { packDay, unpackDay } from './day-block';
import { findSeries, nameOf, registerSeries } from './metric-series';
import { inTransaction, whileReachable } from './while-reachable';

const DAY_MS = 86_400_000;
/** Serialises writers: two that add to one day at once would each keep only their own values. */
const WRITE_LOCK = 4632751;
/** Series of one statement: two weeks of so many are a few MB. */
const SERIES_AT_ONCE = 250;
/** Every collection writes the current days anew and leaves the old rows dead; so many are a few percent of a large history. The embedded database cleans up nothing by itself. */
const VACUUM_AFTER_DAYS = 10_000;

interface Day {
  readonly seriesId: number;
  readonly day: number;
  readonly values: Float64Array;
}

/** The metric history in Postgres; see history-schema.ts. */
export function createMetricHistory(db: Database): MetricHistoryStore {
  let daysWritten = 0;
  return {
    coverage: (keys) =>
      whileReachable('the metric history cannot be read', async () => {
        const known = await findSeries(db, keys);
        return keys.map((key) => {
          const row = known.get(nameOf(key));
          return { askedFromMs: row?.askedFromMs ?? null, lastAtMs: row?.lastAtMs ?? null };
        });
      }),
    append: async (series, askedFromMs) => {
      series.forEach(checkPoints);
      let changed = 0;
      for (const some of inChunks(series)) {
        const done = await inTransaction(db, 'the metric history cannot be written', async (transaction) => {
          await sql`select pg_advisory_xact_lock(${WRITE_LOCK})`.execute(transaction);
          return appendSome(transaction, some, askedFromMs);
        });
        changed += done.changed;
        daysWritten += done.days;
        if (daysWritten < VACUUM_AFTER_DAYS) continue;
        daysWritten = 0;
        await whileReachable('the metric history cannot be cleaned up', () => sql`vacuum metric_day`.execute(db));
      }
      return changed;
    },
    read: (keys, range) =>
      whileReachable('the metric history cannot be read', async () => {
        const found: StoredSeries[] = [];
        for (const some of inChunks(keys)) found.push(...(await readSome(db, some, range)));
        return found;
      }),
    deleteBefore: (atMs) =>
      inTransaction(db, 'the metric history cannot be shortened', async (transaction) => {
        await sql`select pg_advisory_xact_lock(${WRITE_LOCK})`.execute(transaction);
        const gone = await transaction.deleteFrom('metric_day').where('day', '<', Math.floor(atMs / DAY_MS)).executeTakeFirst();
        await transaction.deleteFrom('metric_series').where('last_at_ms', '<', String(Math.floor(atMs / DAY_MS) * DAY_MS)).execute();
        return Number(gone.numDeletedRows);
      }),
  };
}

async function appendSome(db: Database, series: readonly SeriesPoints[], askedFromMs: number): Promise<{ readonly changed: number; readonly days: number }> {
  const ids = await registerSeries(db, series, askedFromMs);
  const touched = series.flatMap(({ key, points }, s) => {
    const days = new Map<number, SeriesPoints['points'][number][]>();
    for (const point of points) {
      const day = Math.floor(point.atMs / DAY_MS);
      const ofDay = days.get(day);
      if (ofDay === undefined) days.set(day, [point]);
      else ofDay.push(point);
    }
    return [...days].map(([day, dayPoints]) => ({ seriesId: ids[s] as number, day, stepMs: key.stepMs, points: dayPoints }));
  });
  const stored = await readDays(db, touched.map(({ seriesId, day }) => ({ seriesId, day })));
  let changed = 0;
  const written = new Map<string, Day>();
  for (const { seriesId, day, stepMs, points } of touched) {
    const name = `${seriesId}/${day}`;
    const block = stored.get(name);
    const values = written.get(name)?.values ?? (block === undefined ? new Float64Array(DAY_MS / stepMs).fill(NaN) : unpackDay(block, DAY_MS / stepMs));
    const before = changed;
    for (const { atMs, value } of points) {
      const step = Math.floor((atMs - day * DAY_MS) / stepMs);
      if (values[step] === value) continue;
      values[step] = value;
      changed++;
    }
    if (changed > before) written.set(name, { seriesId, day, values });
  }
  await writeDays(db, [...written.values()]);
  return { changed, days: written.size };
}

async function readSome(db: Database, keys: readonly SeriesKey[], { startAtMs, endAtMs }: { readonly startAtMs: number; readonly endAtMs: number }): Promise<StoredSeries[]> {
  const known = await findSeries(db, keys);
  const ids = [...known.values()].map(({ id }) => id);
  const rows = await db
    .selectFrom('metric_day')
    .selectAll()
    .where('series_id', '=', sql<number>`any(${ids}::integer[])`)
    .where('day', '>=', Math.floor(startAtMs / DAY_MS))
    .where('day', '<', Math.ceil(endAtMs / DAY_MS))
    .execute();
  const bySeries = new Map<number, typeof rows>();
  for (const row of rows) bySeries.set(row.series_id, [...(bySeries.get(row.series_id) ?? []), row]);
  return keys.map((key) => {
    const first = Math.ceil(startAtMs / key.stepMs);
    const values = new Array<number | null>(Math.max(0, Math.ceil(endAtMs / key.stepMs) - first)).fill(null);
    for (const { day, block } of bySeries.get(known.get(nameOf(key))?.id ?? NaN) ?? []) {
      const offset = (day * DAY_MS) / key.stepMs - first;
      unpackDay(block, DAY_MS / key.stepMs).forEach((value, i) => {
        if (!Number.isNaN(value) && offset + i >= 0 && offset + i < values.length) values[offset + i] = value;
      });
    }
    return { key, startAtMs: first * key.stepMs, values };
  });
}

async function readDays(db: Database, days: readonly { readonly seriesId: number; readonly day: number }[]): Promise<Map<string, Buffer>> {
  if (days.length === 0) return new Map();
  const { rows } = await sql<{ series_id: number; day: number; block: Buffer }>`
    select d.* from metric_day d
    join unnest(${days.map(({ seriesId }) => seriesId)}::integer[], ${days.map(({ day }) => day)}::integer[]) as k (series_id, day)
      on d.series_id = k.series_id and d.day = k.day`.execute(db);
  return new Map(rows.map((row) => [`${row.series_id}/${row.day}`, row.block]));
}

async function writeDays(db: Database, days: readonly Day[]): Promise<void> {
  if (days.length === 0) return;
  await sql`
    insert into metric_day (series_id, day, block)
    select * from unnest(${days.map(({ seriesId }) => seriesId)}::integer[], ${days.map(({ day }) => day)}::integer[], ${days.map(({ values }) => packDay(values))}::bytea[])
    on conflict (series_id, day) do update set block = excluded.block`.execute(db);
}

/** NaN is what stands for a gap: a value that is none must not become one. */
function checkPoints({ key, points }: SeriesPoints): void {
  const name = `${key.resource}, ${key.metric}`;
  if (!Number.isInteger(key.stepMs) || key.stepMs < 1000 || DAY_MS % key.stepMs !== 0) throw businessFailure('InvalidInput', `${name}: stepMs is ${key.stepMs}; expected a whole part of a day`);
  for (const { atMs, value } of points) {
    if (!Number.isFinite(atMs)) throw businessFailure('InvalidInput', `${name}: atMs is ${atMs}; expected a time in ms`);
    if (!Number.isFinite(value)) throw businessFailure('InvalidInput', `${name}: value is ${value}; expected a finite number`);
  }
}

function* inChunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += SERIES_AT_ONCE) yield all.slice(at, at + SERIES_AT_ONCE);
}
