import type { SeriesKey } from '../../src/domain/collected-metric';
import { collectionCostUsd, planCollection, type SeriesCoverage } from '../../src/domain/plan-collection';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEP = 5 * MINUTE;
const NOW = Date.UTC(2026, 0, 20, 12, 3);
const POLICY = { nowMs: NOW, historyMs: 14 * DAY, overlapMs: HOUR };
const END = Date.UTC(2026, 0, 20, 12, 0);
const key = (i: number, stepMs = STEP): SeriesKey => ({ resource: `i-${i}`, metric: 'cpuPercent', stepMs });
const NEW: SeriesCoverage = { askedFromMs: null, lastAtMs: null };
const known = (lastAtMs: number, askedFromMs = NOW - 30 * DAY): SeriesCoverage => ({ askedFromMs, lastAtMs });

describe('planning a collection', () => {
  it('asks a new series for its whole history, up to the last complete step', () => {
    expect(planCollection([{ key: key(1), coverage: NEW }], POLICY)).toEqual([{ stepMs: STEP, startAtMs: Date.UTC(2026, 0, 6, 12, 5), endAtMs: END, keys: [key(1)] }]);
  });

  it('asks a known series for what came after its last value, and for the overlap before it', () => {
    const [window] = planCollection([{ key: key(1), coverage: known(END - 2 * STEP) }], POLICY);
    expect(window).toMatchObject({ startAtMs: END - 2 * STEP - HOUR, endAtMs: END });
  });

  it('goes back to where a series fell silent, but not beyond the history', () => {
    expect(planCollection([{ key: key(1), coverage: known(NOW - 3 * DAY) }], POLICY)[0]?.startAtMs).toBe(Date.UTC(2026, 0, 17, 11, 0));
    expect(planCollection([{ key: key(1), coverage: known(NOW - 30 * DAY) }], POLICY)[0]?.startAtMs).toBe(Date.UTC(2026, 0, 6, 12, 5));
  });

  it('asks again from further back where the history shall reach further than was ever asked', () => {
    const [window] = planCollection([{ key: key(1), coverage: known(END, NOW - 2 * DAY) }], POLICY);
    expect(window?.startAtMs).toBe(Date.UTC(2026, 0, 6, 12, 5));
  });

  it('asks for no more than CloudWatch keeps: 15 days of minutes, 63 of five minutes', () => {
    const reach = (stepMs: number) => END - (planCollection([{ key: key(1, stepMs), coverage: NEW }], { ...POLICY, historyMs: 100 * DAY })[0]?.startAtMs ?? 0);
    expect(Math.ceil(reach(MINUTE) / DAY)).toBe(15);
    expect(Math.ceil(reach(STEP) / DAY)).toBe(63);
    expect(Math.ceil(reach(HOUR) / DAY)).toBe(100);
  });

  it('puts at most 500 series into a window, of one step, and none with others that begin much later', () => {
    const fresh = Array.from({ length: 1200 }, (_, i) => ({ key: key(i), coverage: known(END - STEP) }));
    const mixed = [...fresh, { key: key(5000), coverage: NEW }, { key: key(5001, MINUTE), coverage: known(END - MINUTE) }];
    const windows = planCollection(mixed, POLICY);
    expect(windows.map(({ keys, stepMs }) => [stepMs / MINUTE, keys.length])).toEqual([[1, 1], [5, 1], [5, 500], [5, 500], [5, 200]]);
    expect(new Set(windows.flatMap(({ keys }) => keys)).size).toBe(1202);
  });

  it('does not ask where no step is complete yet', () => {
    expect(planCollection([{ key: key(1), coverage: NEW }], { ...POLICY, historyMs: MINUTE })).toEqual([]);
  });

  it('costs a cent for a thousand metrics', () => {
    expect(collectionCostUsd(30_000)).toBeCloseTo(0.3, 10);
  });
});
