import { createAccuracyStore } from '../../../src/adapters/postgres/accuracy-store';
import { createAuditLog } from '../../../src/adapters/postgres/audit-log';
import { createAutonomyStore } from '../../../src/adapters/postgres/autonomy-store';
import type { Database } from '../../../src/adapters/postgres/database';
import type { AuditKind } from '../../../src/contracts/audit';
import type { AutonomyRecord } from '../../../src/domain/autonomy/autonomy-record';
import { withDatabase } from './embedded-database';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 5, 1);
const AT = { nowMs: NOW, latelyMs: 7 * 24 * HOUR };
const BY = { workflowId: 'fleet/shop/tick/1', runId: 'run-tick' };
const UNKNOWN = { forecasts: 0, relativeLoss: null, covered90: null };

describe('the modes of pools in Postgres', () => {
  let db: Database;
  let pool = '';
  let number = 0;

  withDatabase((opened) => {
    db = opened;
  });
  // The audit forgets nothing: every test has a pool of its own.
  beforeEach(() => {
    pool = `pool-${(number += 1)}`;
  });

  const store = () => createAutonomyStore(db);
  const record = (): Promise<AutonomyRecord> => store().read(pool, AT);
  let written = 0;
  const tell = (kind: AuditKind, summary: string, { actor = 'foreshift:queue', detail = null, instanceId = `i-${written + 1}` }: { actor?: string; detail?: unknown; instanceId?: string } = {}) =>
    createAuditLog(db).append({ key: `key-${(written += 1)}`, kind, atMs: NOW - HOUR, actor, workflowId: `migration/${instanceId}`, runId: `run-${instanceId}`, instanceId, service: pool, summary, reason: null, detail });
  const ended = (kind: string, more: { actor?: string; detail?: object; instanceId?: string } = {}) => tell('outcome', kind, { ...more, detail: { kind, ...more.detail } });
  const falls = (to: 'propose' | 'observe') => (): { mode: typeof to; change: 'falls'; reasons: string[]; missing: [] } => ({ mode: to, change: 'falls', reasons: ['it had to'], missing: [] });

  it('know nothing of a pool at first, which proposes', async () => {
    expect(await record()).toEqual({ pool, nowMs: NOW, mode: 'propose', sinceMs: 0, lately: UNKNOWN, sinceChange: UNKNOWN, incidents: [], moves: { completed: 0, rolledBack: 0 }, drill: null, cap: null });
  });

  it('count the moves of the pool that ended, and neither rehearsals nor what was refused', async () => {
    for (const kind of ['Completed', 'Completed', 'RolledBack', 'Refused', 'Planned']) await ended(kind);
    await ended('RolledBack', { actor: 'foreshift:drill' });
    expect(await record()).toMatchObject({ moves: { completed: 2, rolledBack: 1 }, incidents: [], drill: null });
  });

  it('count anew after a move that needed an operator, or that one took back', async () => {
    await ended('Completed');
    await ended('NeedsOperator', { instanceId: 'i-bad' });
    await ended('Completed');
    await tell('operator', 'abort: not now', { instanceId: 'i-back', actor: 'ann' });
    await ended('RolledBack', { instanceId: 'i-back' });
    await ended('Completed');
    expect(await record()).toMatchObject({ moves: { completed: 1, rolledBack: 0 }, incidents: [expect.stringContaining('migration/i-bad needed an operator'), expect.stringContaining('migration/i-back was taken back by ann')] });
  });

  it('do not hold it against a move that a queue called it off, as it was no longer wanted', async () => {
    await ended('Completed');
    await tell('operator', 'abort: it no longer runs out', { instanceId: 'i-off', actor: 'foreshift:queue' });
    await ended('RolledBack', { instanceId: 'i-off' });
    expect(await record()).toMatchObject({ moves: { completed: 1, rolledBack: 0 }, incidents: [] });
  });

  it('take the newest rehearsal that tells something, and not one that broke off', async () => {
    await ended('Rehearsed', { actor: 'foreshift:drill', detail: { verdict: { kind: 'pass' }, timeToSafeMs: 4_200 } });
    await ended('RolledBack', { actor: 'foreshift:drill' });
    expect(await record()).toMatchObject({ drill: { atMs: NOW - HOUR, passed: true, timeToSafeMs: 4_200 } });
    await ended('Rehearsed', { actor: 'foreshift:drill', detail: { verdict: { kind: 'fail' }, timeToSafeMs: 4_000 } });
    expect(await record()).toMatchObject({ drill: { passed: false } });
    await ended('NeedsOperator', { actor: 'foreshift:drill' });
    expect(await record()).toMatchObject({ drill: { passed: false, timeToSafeMs: null }, incidents: [] });
  });

  it('read how the forecasts of the pool turned out', async () => {
    const score = { steps: 24, loss: 1, referenceLoss: 2, logRatio: Math.log(0.5), absoluteError: 3, bias: -1, covered80: 0.75, covered90: 0.9, peakHeld: true };
    const one = { pool, metric: 'cpuPercent' as const, model: 'gate', horizonMs: 2 * HOUR, score };
    await createAccuracyStore(db).save([
      { ...one, forecastId: `${pool}-new`, subject: 'i-1', issuedAtMs: NOW - HOUR },
      { ...one, forecastId: `${pool}-old`, subject: 'i-1', issuedAtMs: NOW - 20 * 24 * HOUR },
    ]);
    const found = await record();
    expect(found.lately).toEqual({ forecasts: 1, relativeLoss: expect.closeTo(0.5) as number, covered90: 0.9 });
    expect(found.sinceChange.forecasts).toBe(2);
  });

  it('write a change with its reasons and the record that it rests on, in the audit as well, and count from there', async () => {
    await ended('NeedsOperator');
    expect(await store().change(pool, AT, BY, falls('observe'))).toMatchObject({ mode: 'observe' });
    expect(await record()).toMatchObject({ mode: 'observe', sinceMs: NOW, incidents: [], moves: { completed: 0, rolledBack: 0 } });
    await ended('Completed');
    expect(await record()).toMatchObject({ moves: { completed: 1, rolledBack: 0 } });
    const [said] = await createAuditLog(db).list({ service: pool, kind: 'decision', limit: 1 });
    expect(said).toMatchObject({ actor: 'foreshift:autonomy', ...BY, summary: `mode of ${pool} falls: propose -> observe`, reason: 'it had to', detail: { record: { mode: 'propose' } } });
  });

  it('change once where two ask at the same time', async () => {
    const decide = (found: AutonomyRecord) => (found.mode === 'propose' ? falls('observe')() : { mode: found.mode, change: 'stays' as const, reasons: ['as before'], missing: [] });
    const answers = await Promise.all([1, 2, 3].map(() => store().change(pool, AT, BY, decide)));
    expect(answers.map(({ change }) => change).toSorted()).toEqual(['falls', 'stays', 'stays']);
    expect(await createAuditLog(db).list({ service: pool, kind: 'decision', limit: 9 })).toHaveLength(1);
  });

  it('keep what an operator caps them at until it is taken away, both in the audit', async () => {
    await store().cap({ pool, mode: 'observe', reason: 'a release', actor: 'ann', atMs: NOW });
    expect(await record()).toMatchObject({ cap: { mode: 'observe', reason: 'a release' } });
    expect(await store().pools()).toContain(pool);
    await store().cap({ pool, mode: null, reason: 'it is out', actor: 'ann', atMs: NOW + 1 });
    expect(await record()).toMatchObject({ cap: null });
    const said = await createAuditLog(db).list({ service: pool, kind: 'operator', limit: 9 });
    expect(said.map(({ summary, actor }) => [summary, actor])).toEqual([[`mode of ${pool} is capped at observe`, 'ann'], [`mode of ${pool} is no longer capped`, 'ann']]);
  });
});
