import fc from 'fast-check';
import { otlpOf } from '../../../src/adapters/notifications/otlp-sender';
import { traceOf } from '../../../src/domain/traces/trace-of';
import type { TracedRecord } from '../../../src/domain/traces/trace-of';

const RUN = { workflowId: 'migration/i-1', runId: 'r-1' };
const ITEM = 'trigger/alarm-cpu-1';
let at = 1_000;
const record = (kind: string, summary: string, more: Partial<TracedRecord> = {}): TracedRecord => ({ key: `${RUN.workflowId}/${RUN.runId}/${(at += 10)}`, kind, atMs: at, actor: 'foreshift:queue', ...RUN, instanceId: 'i-1', summary, reason: null, detail: null, ...more });
const act = (name: string, id: number, outcome: 'act' | 'failure' | null): TracedRecord[] => {
  const key = (step: string): string => `${RUN.workflowId}/${RUN.runId}/activity-${id}/${step}`;
  const intent = record('intent', `${name} begins`, { key: key('intent'), actor: 'foreshift:worker' });
  if (outcome === null) return [intent];
  return [intent, outcome === 'act' ? record('act', name, { key: key('done') }) : record('failure', `${name} failed, attempt 1`, { key: key('failed-1'), reason: 'UnauthorizedOperation' })];
};
const fromQueue = { workflowId: 'fleet/shop/queue', runId: 'q' };
const STORY: readonly TracedRecord[] = [
  record('decision', `${ITEM} queued`, { ...fromQueue, key: 'queued', actor: 'foreshift:triggers', reason: 'alarm cpu' }),
  record('act', 'i-1 waits in the queue', { ...fromQueue, key: `${ITEM}/start-accepted`, actor: 'foreshift:triggers', detail: { start: { changedAtMs: 500 } } }),
  record('decision', `${ITEM} begins`, { ...fromQueue, key: 'begins' }),
  record('phase', 'entered phase plan'),
  record('decision', 'plan', { reason: 'CPU passes its limit' }),
  record('phase', 'entered phase reserve'),
  ...act('reserveCapacity', 1, 'failure'),
  ...act('reserveCapacity', 2, 'act'),
  record('phase', 'entered phase rollback'),
  ...act('releaseReservations', 3, null),
  record('outcome', 'RolledBack', { reason: 'the shadow answered slowly' }),
];

describe('The trace of a migration', () => {
  it('reaches from the alarm to the end, through the queue, its phases and their acts', () => {
    const trace = traceOf(STORY, RUN);
    const nameOf = (key: string | null): string | null => trace?.spans.find((span) => span.key === key)?.name ?? null;
    expect(trace?.spans.map(({ name, within, error }) => [nameOf(within), name, error])).toEqual([
      [null, 'migrate instance', 'the shadow answered slowly'],
      ['migrate instance', 'trigger', null],
      ['migrate instance', 'wait in the queue', null],
      ['migrate instance', 'phase plan', null],
      ['migrate instance', 'phase reserve', null],
      ['migrate instance', 'phase rollback', null],
      ['phase reserve', 'reserveCapacity', 'UnauthorizedOperation'],
      ['phase reserve', 'reserveCapacity', null],
      ['phase rollback', 'releaseReservations', 'what came of it is not known'],
    ]);
    expect(trace?.root).toMatchObject({ startMs: 500, endMs: STORY.at(-1)?.atMs, attributes: { 'foreshift.instance': 'i-1', 'foreshift.outcome': 'RolledBack' } });
    expect(trace?.spans.find(({ name }) => name === 'phase plan')?.events).toEqual([{ name: 'plan: CPU passes its limit', atMs: expect.any(Number) }]);
  });

  it('is the same when it is made again, and is none before the end', () => {
    expect(traceOf(STORY, RUN)).toEqual(traceOf(STORY, RUN));
    expect(traceOf(STORY.slice(0, -1), RUN)).toBeNull();
    expect(traceOf(STORY, { ...RUN, runId: 'another' })).toBeNull();
  });

  it('has every span within its parent in time, whatever records are missing', () => {
    fc.assert(
      fc.property(fc.subarray([...STORY]), (some) => {
        const trace = traceOf(some, RUN);
        if (trace === null) return;
        const byKey = new Map(trace.spans.map((span) => [span.key, span]));
        expect(byKey.size).toBe(trace.spans.length);
        for (const span of trace.spans) {
          expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
          const parent = span.within === null ? span : byKey.get(span.within);
          expect(parent?.startMs).toBeLessThanOrEqual(span.startMs);
          expect(parent?.endMs).toBeGreaterThanOrEqual(span.endMs);
        }
      }),
    );
  });

  it('is written as OTLP has it: ids in hex, times in nanoseconds as text', () => {
    const trace = traceOf(STORY, RUN);
    const { resourceSpans } = otlpOf(trace?.root.key ?? '', trace?.spans ?? []) as { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] };
    const [root, child] = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    expect(root).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), spanId: expect.stringMatching(/^[0-9a-f]{16}$/), startTimeUnixNano: '500000000', status: { code: 2, message: 'the shadow answered slowly' } });
    expect(root).not.toHaveProperty('parentSpanId');
    expect(child).toMatchObject({ traceId: root?.['traceId'], parentSpanId: root?.['spanId'], status: { code: 1 } });
  });
});
