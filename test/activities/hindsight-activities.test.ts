import { createHindsightActivities } from '../../src/activities/hindsight-activities';
import type { AuditEntry, AuditRecord } from '../../src/contracts/audit';
import type { Shape } from '../../src/domain/shape';
import { memoryHistory } from './memory-history';

const STEP = 300_000;
const HOUR = 3_600_000;
const START = 1_800_000_000_000;
const shapeOf = async (name: string): Promise<Shape> => ({ name, family: 'm7i', vcpus: name === 'm7i.xlarge' ? 4 : 2, memoryMiB: 8_192, networkGbps: 10, architecture: 'x86_64', usdPerHour: 0.1 });
const forecast = { assessment: { metric: 'cpuPercent', contended: true }, forecasts: [{ metric: 'cpuPercent', limit: 85, peakMedian: 88, peakP90: 93, issuedAtMs: START, horizonMs: 2 * HOUR }] };

/** An audit with migrations of i-1, each a run that ended so, and what looking back then tells. */
async function world(results: readonly object[], nowMs: number, resource = 'i-2') {
  const records: AuditRecord[] = [];
  const append = async (entry: AuditEntry) => {
    if (!records.some(({ key }) => key === entry.key)) records.push({ ...entry, seq: records.length + 1, previousHash: '', hash: '' });
    return { seq: records.length, hash: '', detailDigest: '' };
  };
  for (const [i, result] of results.entries()) {
    const of = (kind: AuditEntry['kind'], summary: string, detail: unknown): AuditEntry => ({ key: `r${i}/${kind}/${summary}`, kind, atMs: START + HOUR, actor: 'a', workflowId: 'migration/i-1', runId: `r${i}`, instanceId: 'i-1', service: 'web', summary, reason: null, detail });
    await append(of('decision', 'forecast', forecast));
    await append(of('decision', 'plan', { from: { shape: 'm7i.large', zone: 'a' } }));
    await append(of('outcome', (result as { kind: string }).kind, result));
  }
  const history = memoryHistory();
  await history.append([{ key: { resource, metric: 'cpuPercent', stepMs: STEP }, points: Array.from({ length: 12 }, (_, i) => ({ atMs: START + HOUR + i * STEP, value: 40 + i })) }], START);
  const activities = createHindsightActivities({ audit: { append, list: async ({ kind, workflowId }) => records.filter((record) => (kind === undefined || record.kind === kind) && (workflowId === undefined || record.workflowId === workflowId)) }, history, shape: shapeOf, now: () => nowMs });
  return { activities, told: () => records.filter(({ kind }) => kind === 'hindsight') };
}

const COMPLETED = { kind: 'Completed', replacementId: 'i-2', shape: 'm7i.xlarge' };
const ALL = { sinceMs: 72 * HOUR, limit: 100 };

describe('Looking back', () => {
  it('holds a completed move against the load of its replacement, once', async () => {
    const { activities, told } = await world([COMPLETED], START + 3 * HOUR);
    expect(await activities.lookBack(ALL)).toEqual({ told: 1, contention: 1, falseAlarms: 0, open: 0 });
    expect(await activities.lookBack(ALL)).toEqual({ told: 0, contention: 0, falseAlarms: 0, open: 0 });
    expect(told()).toMatchObject([{ instanceId: 'i-1', summary: 'afterwards: contention', reason: expect.stringContaining('51.0 % on m7i.xlarge, 102.0 % of a m7i.large'), detail: { verdict: 'contention', overloadMinutes: 45, p90Held: false } }]);
  });

  it('holds a move that went back against the source, which kept the load', async () => {
    const { activities, told } = await world([{ kind: 'RolledBack', phase: 'ramp', reasons: [] }], START + 3 * HOUR, 'i-1');
    expect(await activities.lookBack(ALL)).toMatchObject({ told: 1, falseAlarms: 1 });
    expect(told()[0]?.reason).toContain('it would not have run out, though that was forecast: cpuPercent came to 51.0 %, forecast were 88.0 %');
  });

  it('waits until the time of the forecast is over and enough was seen', async () => {
    const early = await world([COMPLETED], START + 2 * HOUR);
    expect(await early.activities.lookBack(ALL)).toMatchObject({ told: 0, open: 1 });
    const unseen = await world([{ ...COMPLETED, replacementId: 'i-9' }], START + 3 * HOUR);
    expect(await unseen.activities.lookBack(ALL)).toMatchObject({ told: 0, open: 1 });
  });

  it('tells each run of an instance by itself, and nothing of one that came to no plan', async () => {
    const { activities, told } = await world([COMPLETED, COMPLETED], START + 3 * HOUR);
    expect(await activities.lookBack(ALL)).toMatchObject({ told: 2 });
    expect(new Set(told().map(({ runId }) => runId))).toEqual(new Set(['r0', 'r1']));
  });
});
