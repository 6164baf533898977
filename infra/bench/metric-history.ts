import { sql } from 'kysely';
import type { SeriesPoints } from '../../src/activities/metric-history-port';
import type { Database } from '../../src/adapters/postgres/database';
import { createMetricHistory } from '../../src/adapters/postgres/metric-history';
import { createRandomStream, nextNormal, type RandomStream } from '../../src/domain/seeded-random';
import { withBenchDatabase } from './with-database';

const STEP_MS = 300_000;
const STEPS = 14 * 288;
const FLEET_SERIES = 30_000;
const LARGEST_BYTES = 1e9;
const AT_ONCE = 250;
const START_MS = Date.UTC(2026, 0, 5);
/** So many collections follow the two weeks: an hour of them. */
const COLLECTIONS = 12;

/** A kind of load, as the value of a step. */
type Load = (random: RandomStream, step: number) => number;

const LOADS: Readonly<Record<string, Load>> = {
  'noise in every digit': (random, step) => 40 + 20 * Math.sin((2 * Math.PI * step) / 288) + 5 * nextNormal(random),
  'bytes counted': (random, step) => Math.round(5e7 * (1 + Math.sin((2 * Math.PI * step) / 288)) + 1e6 * Math.abs(nextNormal(random))),
  'percent in hundredths, mostly idle': (random) => (random() < 0.8 ? 0.42 : Math.round(random() * 3000) / 100),
};

interface Figures {
  readonly bytes: number;
  readonly writeMs: number;
  readonly appendMs: number;
  readonly readMs: number;
  /** After the collections. */
  readonly grownBytes: number;
}

/** Writes two weeks of so many series in every kind of load, reads them back, adds one collection's values, and holds the size against the target. */
async function main(): Promise<void> {
  const sample = Number(process.argv[2] ?? 1_500);
  if (!Number.isInteger(sample) || sample < 1) throw new Error(`series: expected a whole number from 1, got ${process.argv[2]}`);
  await withBenchDatabase('bench-history', async (db, note) => {
    const { rows } = await sql<{ version: string }>`select version()`.execute(db);
    console.log(`database: ${note}, ${rows[0]?.version.split(' ').slice(0, 2).join(' ')}; ${sample} series x ${STEPS} values of each kind, extrapolated to ${FLEET_SERIES}`);
    let missed = false;
    for (const [name, load] of Object.entries(LOADS)) {
      const { bytes, writeMs, appendMs, readMs, grownBytes } = await measure(db, load, sample);
      const of = (ms: number): string => `${((ms * FLEET_SERIES) / sample / 1000).toFixed(0)} s`;
      const all = (bytes * FLEET_SERIES) / sample;
      const grown = (grownBytes * FLEET_SERIES) / sample;
      missed ||= all > LARGEST_BYTES;
      console.log(
        `${name}: ${(all / 1e9).toFixed(3)} GB (target <= ${(LARGEST_BYTES / 1e9).toFixed(3)}) ${all > LARGEST_BYTES ? 'MISSED' : 'held'}, ${(bytes / sample / STEPS).toFixed(2)} bytes a value; ` +
          `two weeks written in ${of(writeMs)}, read in ${of(readMs)}; one collection (12 values known, 1 new) added in ${of(appendMs)}; after ${COLLECTIONS} of them ${(grown / 1e9).toFixed(3)} GB`,
      );
    }
    if (missed) process.exitCode = 1;
  });
}

async function measure(db: Database, load: Load, sample: number): Promise<Figures> {
  await sql`truncate metric_day, metric_series`.execute(db);
  const store = createMetricHistory(db);
  const figures = { bytes: 0, writeMs: 0, appendMs: 0, readMs: 0, grownBytes: 0 };
  const timed = async (what: 'writeMs' | 'appendMs' | 'readMs', work: () => Promise<unknown>): Promise<void> => {
    const startedMs = performance.now();
    await work();
    figures[what] += performance.now() - startedMs;
  };
  for (let at = 0; at < sample; at += AT_ONCE) {
    const series = Array.from({ length: Math.min(AT_ONCE, sample - at) }, (_, i) => seriesOf(load, at + i));
    await timed('writeMs', () => store.append(series, START_MS));
    await timed('readMs', async () => {
      const read = await store.read(series.map(({ key }) => key), { startAtMs: START_MS, endAtMs: START_MS + STEPS * STEP_MS });
      const exact = read.every(({ values }, s) => values.every((value, i) => value === series[s]?.points[i]?.value));
      if (!exact) throw new Error('what was read is not what was written');
    });
  }
  figures.bytes = await bytesOf(db);
  for (let at = 0; at < sample; at += AT_ONCE) {
    const all = Array.from({ length: Math.min(AT_ONCE, sample - at) }, (_, i) => seriesOf(load, at + i, STEPS + COLLECTIONS));
    for (let collection = 1; collection <= COLLECTIONS; collection++) {
      const series = all.map(({ key, points }) => ({ key, points: points.slice(STEPS + collection - 13, STEPS + collection) }));
      await timed('appendMs', () => store.append(series, START_MS));
    }
  }
  figures.appendMs /= COLLECTIONS;
  figures.grownBytes = await bytesOf(db);
  return figures;
}

async function bytesOf(db: Database): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`select pg_total_relation_size('metric_day') + pg_total_relation_size('metric_series') as bytes`.execute(db);
  return Number(rows[0]?.bytes);
}

function seriesOf(load: Load, index: number, steps = STEPS): SeriesPoints {
  const random = createRandomStream(index + 1);
  return {
    key: { resource: `i-${index.toString(16).padStart(17, '0')}`, metric: 'cpuPercent', stepMs: STEP_MS },
    points: Array.from({ length: steps }, (_, step) => ({ atMs: START_MS + step * STEP_MS, value: load(random, step) })),
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
