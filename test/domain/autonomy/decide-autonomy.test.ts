import fc from 'fast-check';
import type { AutonomyRecord } from '../../../src/domain/autonomy/autonomy-record';
import { DEFAULT_AUTONOMY } from '../../../src/domain/autonomy/autonomy-thresholds';
import { decideAutonomy } from '../../../src/domain/autonomy/decide-autonomy';
import { FLEET_MODES, type FleetMode } from '../../../src/domain/fleet-plan/plan-modes';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const NOTHING = { forecasts: 0, relativeLoss: null, covered90: null };
const GOOD = { forecasts: 500, relativeLoss: 0.6, covered90: 0.91 };

/** A pool whose record has nothing against it. */
function trusted(mode: FleetMode, change: Partial<AutonomyRecord> = {}): AutonomyRecord {
  return {
    pool: 'shop',
    nowMs: NOW,
    mode,
    sinceMs: NOW - 5 * DAY,
    lately: GOOD,
    sinceChange: GOOD,
    incidents: [],
    moves: { completed: 40, rolledBack: 0 },
    drill: { atMs: NOW - 3 * DAY, passed: true, timeToSafeMs: 90_000 },
    cap: null,
    ...change,
  };
}

const decide = (record: AutonomyRecord) => decideAutonomy(record, DEFAULT_AUTONOMY);
const rank = (mode: FleetMode): number => FLEET_MODES.indexOf(mode);

describe('the mode that a pool earns', () => {
  it('is to propose, where nothing is known of it, and it is told what is missing', () => {
    const { mode, change, missing } = decide({ ...trusted('propose'), sinceMs: 0, lately: NOTHING, sinceChange: NOTHING, moves: { completed: 0, rolledBack: 0 }, drill: null });
    expect({ mode, change }).toEqual({ mode: 'propose', change: 'stays' });
    expect(missing).toEqual([
      'no drill of the way back is on record: propose at most',
      '0 forecasts were scored since the last change, needed are 100',
      'the loss of forecasts is unknown, needed is 0.9 at most',
      '90 % intervals covered an unknown share, needed are 85 to 97 %',
      '0 moves ended since the last change or incident, needed are 10',
    ]);
  });

  it.each<[FleetMode, FleetMode]>([['observe', 'propose'], ['propose', 'approve-risky'], ['approve-risky', 'act'], ['act', 'act']])('is, after %s, %s on a good record: one step and no more', (mode, next) => {
    expect(decide(trusted(mode)).mode).toBe(next);
  });

  it('tells of a rise what it rests on, each with its bound', () => {
    expect(decide(trusted('propose')).reasons).toContain('40 moves ended since the last change or incident, needed are 10');
    expect(decide(trusted('propose')).reasons).toContain('the way back took 90.0 s in the last drill, needed are 480.0 s at most');
  });

  it.each<[string, Partial<AutonomyRecord>, FleetMode, string]>([
    ['a move that needed an operator', { incidents: ['migration/i-1 needed an operator'] }, 'propose', 'migration/i-1 needed an operator: propose at most'],
    ['too many rollbacks', { moves: { completed: 40, rolledBack: 5 } }, 'propose', '5 of 45 moves went back (11.11 %), allowed are 10 %: propose at most'],
    ['an overdue drill', { drill: { atMs: NOW - 31 * DAY, passed: true, timeToSafeMs: 90_000 } }, 'propose', 'the last drill is 31.0 days old, allowed are 30.0 days: propose at most'],
    ['a failed drill', { drill: { atMs: NOW - DAY, passed: false, timeToSafeMs: 90_000 } }, 'propose', `the drill of ${new Date(NOW - DAY).toISOString()} failed: propose at most`],
    ['a slow way back', { drill: { atMs: NOW - DAY, passed: true, timeToSafeMs: 700_000 } }, 'propose', 'the way back took 700.0 s in the last drill, allowed are 600.0 s: propose at most'],
    ['intervals that do not cover', { lately: { ...GOOD, covered90: 0.7 } }, 'observe', '90 % intervals covered 70 %, allowed are 80 to 99 %: observe at most'],
    ['forecasts worse than naive ones', { lately: { ...GOOD, relativeLoss: 1.2 } }, 'observe', "the loss of forecasts is 1.2 of the naive one's, allowed are 1: observe at most"],
    ['instances that nobody told apart', { pool: 'unknown' }, 'propose', 'its instances have no tag foreshift:service, so that nobody knows what belongs together: propose at most'],
    ['an operator', { cap: { mode: 'approve-risky', reason: 'a release is due' } }, 'approve-risky', 'an operator capped it: a release is due: approve-risky at most'],
  ])('falls at once, from the highest, for %s', (_, change, mode, reason) => {
    expect(decide(trusted('act', change))).toMatchObject({ mode, change: 'falls', reasons: [reason] });
  });

  it('does not come and go at the edge: what is no longer enough to rise is still enough to stay', () => {
    const edge = { lately: { ...GOOD, covered90: 0.83 }, sinceChange: { ...GOOD, covered90: 0.83 }, moves: { completed: 92, rolledBack: 8 } };
    expect(decide(trusted('act', edge))).toMatchObject({ mode: 'act', change: 'stays' });
    expect(decide(trusted('approve-risky', edge))).toMatchObject({ mode: 'approve-risky', change: 'stays' });
  });

  it('waits a day between two steps', () => {
    expect(decide(trusted('propose', { sinceMs: NOW - DAY / 2 }))).toMatchObject({ change: 'stays', missing: ['its mode is 0.5 days old, needed are 1.0 days'] });
  });
});

const ratio = fc.double({ min: 0, max: 2, noNaN: true });
const forecasts = fc.record({ forecasts: fc.integer({ min: 0, max: 300 }), relativeLoss: fc.option(ratio), covered90: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) });
const records: fc.Arbitrary<AutonomyRecord> = fc.record({
  pool: fc.constantFrom('shop', 'unknown'),
  nowMs: fc.constant(NOW),
  mode: fc.constantFrom(...FLEET_MODES),
  sinceMs: fc.integer({ min: NOW - 3 * DAY, max: NOW }),
  lately: forecasts,
  sinceChange: forecasts,
  incidents: fc.array(fc.constantFrom('an abort', 'an operator was needed'), { maxLength: 2 }),
  moves: fc.record({ completed: fc.integer({ min: 0, max: 60 }), rolledBack: fc.integer({ min: 0, max: 6 }) }),
  drill: fc.option(fc.record({ atMs: fc.integer({ min: NOW - 40 * DAY, max: NOW }), passed: fc.boolean(), timeToSafeMs: fc.option(fc.integer({ min: 0, max: 900_000 })) })),
  cap: fc.option(fc.record({ mode: fc.constantFrom(...FLEET_MODES), reason: fc.constant('said so') })),
});
/** The same record near its best, so that rises are among what is drawn. */
const likely = fc.oneof(records, fc.tuple(fc.constantFrom(...FLEET_MODES), records, fc.subarray(['pool', 'lately', 'sinceChange', 'incidents', 'moves', 'drill', 'cap', 'sinceMs'] as const)).map(([mode, drawn, keys]) => trusted(mode, Object.fromEntries(keys.map((key) => [key, drawn[key]])))));

const WORSE: readonly ((record: AutonomyRecord) => AutonomyRecord)[] = [
  (record) => ({ ...record, drill: null }),
  (record) => ({ ...record, drill: record.drill && { ...record.drill, passed: false } }),
  (record) => ({ ...record, drill: record.drill && { ...record.drill, atMs: record.drill.atMs - 5 * DAY } }),
  (record) => ({ ...record, drill: record.drill && { ...record.drill, timeToSafeMs: record.drill.timeToSafeMs === null ? null : record.drill.timeToSafeMs * 2 } }),
  (record) => ({ ...record, incidents: [...record.incidents, 'one more'] }),
  // A move that did not go well instead of one that did.
  (record) => ({ ...record, moves: { completed: Math.max(0, record.moves.completed - 1), rolledBack: record.moves.rolledBack + 1 } }),
  (record) => ({ ...record, moves: { completed: 0, rolledBack: record.moves.rolledBack } }),
  (record) => ({ ...record, lately: { ...record.lately, relativeLoss: record.lately.relativeLoss === null ? null : record.lately.relativeLoss * 2 } }),
  (record) => ({ ...record, sinceChange: { ...record.sinceChange, relativeLoss: record.sinceChange.relativeLoss === null ? null : record.sinceChange.relativeLoss * 2 } }),
  (record) => ({ ...record, sinceChange: NOTHING }),
  (record) => ({ ...record, sinceChange: { ...record.sinceChange, covered90: 0 } }),
  (record) => ({ ...record, cap: { mode: 'observe', reason: 'said so' } }),
  (record) => ({ ...record, sinceMs: record.nowMs }),
];

describe('whatever the record', () => {
  it('the mode rises by one step at most, and tells why it is what it is', () => {
    fc.assert(fc.property(likely, (record) => {
      const { mode, change, reasons } = decide(record);
      expect(rank(mode) - rank(record.mode)).toBeLessThanOrEqual(1);
      expect(change).toBe(rank(mode) > rank(record.mode) ? 'rises' : mode === record.mode ? 'stays' : 'falls');
      expect(reasons.length).toBeGreaterThan(0);
    }), { numRuns: 2_000 });
  });

  it('worse evidence never gives a higher mode', () => {
    fc.assert(fc.property(likely, fc.constantFrom(...WORSE), (record, worse) => {
      expect(rank(decide(worse(record)).mode)).toBeLessThanOrEqual(rank(decide(record).mode));
    }), { numRuns: 5_000 });
  });

  it('a pool is never above "propose" without a drill that passed, nor above its cap', () => {
    fc.assert(fc.property(likely, (record) => {
      const { mode } = decide(record);
      if (record.drill?.passed !== true) expect(rank(mode)).toBeLessThanOrEqual(rank('propose'));
      if (record.cap !== null) expect(rank(mode)).toBeLessThanOrEqual(rank(record.cap.mode));
    }), { numRuns: 2_000 });
  });

  it('a rise does not fall by the same evidence', () => {
    fc.assert(fc.property(likely, (record) => {
      const first = decide(record);
      if (first.change !== 'rises') return;
      expect(decide({ ...record, mode: first.mode, sinceMs: record.nowMs, sinceChange: NOTHING, incidents: [], moves: { completed: 0, rolledBack: 0 } }).change).toBe('stays');
    }), { numRuns: 3_000 });
  });
});
