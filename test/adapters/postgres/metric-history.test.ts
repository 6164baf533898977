import { sql } from 'kysely';
import { createMetricHistory } from '../../../src/adapters/postgres/metric-history';
import { openDatabase, type Database } from '../../../src/adapters/postgres/database';
import type { SeriesKey } from '../../../src/domain/collected-metric';
import { type EmbeddedDatabase, withDatabase } from './embedded-database';

const STEP = 300_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5);
const key = (resource: string): SeriesKey => ({ resource, metric: 'cpuPercent', stepMs: STEP });

describe('the metric history in Postgres', () => {
  let database: EmbeddedDatabase;
  let db: Database;

  withDatabase((opened, started) => {
    db = opened;
    database = started;
  });
  beforeEach(() => sql`truncate metric_day, metric_series`.execute(db));

  const store = () => createMetricHistory(db);
  const put = (resource: string, points: readonly (readonly [step: number, value: number])[], from = db) =>
    createMetricHistory(from).append([{ key: key(resource), points: points.map(([step, value]) => ({ atMs: START + step * STEP, value })) }], START);
  const read = async (resource: string, fromStep: number, toStep: number) => {
    const [series] = await store().read([key(resource)], { startAtMs: START + fromStep * STEP, endAtMs: START + toStep * STEP });
    return series?.values;
  };

  it('gives back what was added, in any order, with gaps where nothing was', async () => {
    await put('i-1', [[3, 0.1 + 0.2], [0, -0], [287, 7], [288, 8]]);
    expect(await read('i-1', 0, 5)).toEqual([-0, null, null, 0.1 + 0.2, null]);
    expect(await read('i-1', 286, 290)).toEqual([null, 7, 8, null]);
    expect(await read('i-unknown', 0, 3)).toEqual([null, null, null]);
  });

  it('takes late values and corrections, and counts what they changed', async () => {
    expect(await put('i-1', [[0, 1], [2, 3]])).toBe(2);
    expect(await put('i-1', [[0, 1], [1, 2], [2, 4]])).toBe(2);
    expect(await put('i-1', [[0, 1], [1, 2], [2, 4]])).toBe(0);
    expect(await read('i-1', 0, 3)).toEqual([1, 2, 4]);
  });

  it('takes the last of several values of one step, also where a series comes twice', async () => {
    await put('i-1', [[0, 1], [0, 2]]);
    await store().append([{ key: key('i-2'), points: [{ atMs: START, value: 1 }] }, { key: key('i-2'), points: [{ atMs: START + 60_000, value: 5 }, { atMs: START + STEP, value: 6 }] }], START);
    expect(await read('i-1', 0, 1)).toEqual([2]);
    expect(await read('i-2', 0, 2)).toEqual([5, 6]);
  });

  it('loses nothing when two workers add to one day at once', async () => {
    const other = database.connect();
    const steps = Array.from({ length: 10 }, (_, i) => i);
    await Promise.all(steps.map((step) => put('i-1', [[step, step]], step % 2 === 0 ? db : other)));
    expect(await read('i-1', 0, 10)).toEqual(steps);
  });

  it('knows how far each series reaches and what it was asked for, also where nothing came', async () => {
    await put('i-1', [[5, 1], [3, 1]]);
    await put('i-2', []);
    await store().append([{ key: key('i-1'), points: [] }], START - DAY);
    expect(await store().coverage([key('i-2'), key('i-1'), key('i-3')])).toEqual([
      { askedFromMs: START, lastAtMs: null },
      { askedFromMs: START - DAY, lastAtMs: START + 5 * STEP },
      { askedFromMs: null, lastAtMs: null },
    ]);
  });

  it('forgets whole days, and the series of which nothing is left', async () => {
    await put('i-1', [[0, 1], [288, 2]]);
    await put('i-old', [[0, 1]]);
    expect(await store().deleteBefore(START + DAY + 3 * STEP)).toBe(2);
    expect(await read('i-1', 0, 289)).toEqual([...new Array<null>(288).fill(null), 2]);
    expect(await store().coverage([key('i-old')])).toEqual([{ askedFromMs: null, lastAtMs: null }]);
  });

  it('refuses what is no number, no time or no step, and names the series', async () => {
    await expect(put('i-1', [[0, NaN]])).rejects.toThrow('i-1, cpuPercent: value is NaN; expected a finite number');
    await expect(put('i-1', [[Infinity, 1]])).rejects.toThrow('i-1, cpuPercent: atMs is Infinity; expected a time in ms');
    await expect(store().append([{ key: { ...key('i-1'), stepMs: 7_000_000 }, points: [] }], START)).rejects.toThrow('stepMs is 7000000; expected a whole part of a day');
    expect(await read('i-1', 0, 1)).toEqual([null]);
  });

  it('is unavailable, to be asked again, while the database is', async () => {
    const nobody = openDatabase('postgresql://postgres@127.0.0.1:9/postgres');
    await expect(createMetricHistory(nobody).coverage([key('i-1')])).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
    await nobody.destroy();
  });
});
