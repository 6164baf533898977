import { createAutonomyActivities } from '../../src/activities/autonomy-activities';
import { createAccuracyStore } from '../../src/adapters/postgres/accuracy-store';
import { createAuditLog } from '../../src/adapters/postgres/audit-log';
import { createAutonomyStore } from '../../src/adapters/postgres/autonomy-store';
import type { Database } from '../../src/adapters/postgres/database';
import { DEFAULT_AUTONOMY } from '../../src/domain/autonomy/autonomy-thresholds';
import { withDatabase } from '../adapters/postgres/embedded-database';

const DAY = 86_400_000;
const BY = { workflowId: 'fleet/shop/tick/1', runId: 'run-tick' };

describe('a pool, as days go by', () => {
  let db: Database;
  withDatabase((opened) => {
    db = opened;
  });
  let nowMs = Date.UTC(2026, 5, 1);
  let written = 0;

  const earn = () => createAutonomyActivities({ autonomy: createAutonomyStore(db), thresholds: DEFAULT_AUTONOMY, now: () => nowMs }).earnMode({ pool: 'shop', by: BY });
  const ended = (kind: string, { actor = 'foreshift:queue', ...detail }: { actor?: string; timeToSafeMs?: number } = {}) =>
    createAuditLog(db).append({ key: `end-${(written += 1)}`, kind: 'outcome', atMs: nowMs, actor, workflowId: `migration/i-${written}`, runId: `run-${written}`, instanceId: null, service: 'shop', summary: kind, reason: null, detail: { kind, ...detail } });
  const forecasts = (logRatio = Math.log(0.6)) => {
    const score = { steps: 24, loss: 1, referenceLoss: 2, logRatio, absoluteError: 3, bias: -1, covered80: 0.8, covered90: 0.91, peakHeld: true };
    return createAccuracyStore(db).save(Array.from({ length: 120 }, (_, i) => ({ forecastId: `f-${(written += 1)}`, pool: 'shop', subject: `i-${i % 8}`, metric: 'cpuPercent' as const, model: 'gate', horizonMs: DAY / 12, issuedAtMs: nowMs - i, score })));
  };
  const moves = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await ended('Completed');
  };

  it('earns its modes one by one, loses them at once, and every change stands in the audit with its reasons', async () => {
    const modes: string[] = [];
    const day = async (work: () => Promise<unknown>): Promise<void> => {
      nowMs += DAY + 1;
      await work();
      const { mode } = await earn();
      modes.push(mode);
      // Whoever asks again learns the same.
      expect((await earn()).mode).toBe(mode);
    };
    await day(forecasts);
    await day(() => moves(12));
    await day(() => ended('Rehearsed', { actor: 'foreshift:drill', timeToSafeMs: 60_000 }));
    await day(() => moves(30));
    await day(forecasts);
    await day(() => ended('NeedsOperator'));
    await day(() => Promise.all([forecasts(), moves(12)]));
    await day(() => forecasts(Math.log(20)));
    expect(modes).toEqual(['propose', 'propose', 'approve-risky', 'approve-risky', 'act', 'propose', 'approve-risky', 'observe']);
    const told = await createAuditLog(db).list({ service: 'shop', actor: 'foreshift:autonomy', limit: 20 });
    expect(told.map(({ summary }) => summary)).toEqual([
      'mode of shop rises: propose -> approve-risky',
      'mode of shop rises: approve-risky -> act',
      'mode of shop falls: act -> propose',
      'mode of shop rises: propose -> approve-risky',
      'mode of shop falls: approve-risky -> observe',
    ]);
    for (const { reason } of told) expect(reason).toMatch(/\d/);
  });
});
