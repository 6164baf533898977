import { messageText } from '../../src/domain/notifications/message-text';
import { GIVE_UP_AFTER_MS, nextAttemptAtMs } from '../../src/domain/notifications/next-attempt';
import { type NewsRecord, notificationOf } from '../../src/domain/notifications/notification-of';

const record = (more: Partial<NewsRecord>): NewsRecord => ({ seq: 7, kind: 'decision', atMs: 1_700_000_000_000, workflowId: 'migration/i-1', runId: 'run', instanceId: 'i-1', service: 'shop', summary: '', reason: null, detail: null, ...more });

describe('news of the audit', () => {
  it.each<[string, Partial<NewsRecord>, string, string]>([
    ['a plan', { summary: 'plan' }, 'plan', 'i-1 is to be moved'],
    ['an approval that is wanted', { summary: 'approval wanted', detail: { planHash: 'abc', untilMs: 1_700_000_600_000 } }, 'approval-wanted', 'i-1 waits for approval until 2023-11-14T22:23:20.000Z'],
    ['a hold', { summary: 'step 1 (5 %): inconclusive, 300 requests are missing', detail: { verdict: { kind: 'inconclusive' } } }, 'hold', 'i-1 is held: step 1 (5 %): inconclusive, 300 requests are missing'],
    ['a hold for want of traffic', { summary: 'bake: noData, nothing came', detail: { verdict: { kind: 'noData' } } }, 'hold', 'i-1 is held: bake: noData, nothing came'],
    ['the way back', { kind: 'phase', summary: 'entered phase rollback' }, 'rollback', 'i-1 goes back'],
    ['an end', { kind: 'outcome', summary: 'Completed', detail: { kind: 'Completed', replacementId: 'i-2', shape: 'm7i.large', zone: 'us-east-1b' } }, 'done', 'i-1 is replaced by i-2 (m7i.large in us-east-1b)'],
    ['the end of a way back', { kind: 'outcome', summary: 'RolledBack' }, 'rollback', 'i-1 has gone back to where it was'],
    ['a refusal', { kind: 'outcome', summary: 'Refused' }, 'refused', 'i-1 was not moved'],
    ['what needs an operator', { kind: 'outcome', summary: 'NeedsOperator', detail: { left: ['snapshot snap-1', 'i-2'] } }, 'needs-operator', 'i-1 needs an operator: left are snapshot snap-1; i-2'],
    ['what a rehearsal left', { kind: 'outcome', actor: 'foreshift:drill', summary: 'NeedsOperator', detail: { left: ['i-2'] } }, 'needs-operator', 'i-1 needs an operator: left are i-2'],
    ['a mode that is lost', { actor: 'foreshift:autonomy', workflowId: 'fleet/shop/tick', instanceId: null, summary: 'mode of shop falls: act -> propose' }, 'mode', 'mode of shop falls: act -> propose'],
  ])('tell of %s', (_, more, event, title) => {
    expect(notificationOf(record(more))).toMatchObject({ event, title, service: 'shop', auditSeq: 7 });
  });

  it.each<[string, Partial<NewsRecord>]>([
    ['an act', { kind: 'act', summary: 'plan' }],
    ['a dry run', { summary: 'plan (dry run)' }],
    ['a verdict that is good', { summary: 'step 1: pass', detail: { verdict: { kind: 'pass' } } }],
    ['another phase', { kind: 'phase', summary: 'entered phase ramp' }],
    ['the plan of a rehearsal', { actor: 'foreshift:drill', summary: 'plan' }],
    ['its way back', { kind: 'phase', actor: 'foreshift:drill', summary: 'entered phase rollback' }],
    ["a queue's book-keeping", { kind: 'outcome', workflowId: 'queue/all', summary: 'item ended: Completed' }],
  ])('do not tell of %s', (_, more) => {
    expect(notificationOf(record(more))).toBeNull();
  });

  it('are the same news where a hold is looked at again, and other news at another step or in another run', () => {
    const hold = (step: string, runId: string, seq: number): string | undefined => notificationOf(record({ seq, runId, summary: `${step}: noData, nothing came for ${seq} s`, detail: { verdict: { kind: 'noData' } } }))?.key;
    expect(hold('step 1', 'a', 1)).toBe(hold('step 1', 'a', 2));
    expect(new Set([hold('step 1', 'a', 1), hold('step 2', 'a', 1), hold('step 1', 'b', 1)]).size).toBe(3);
  });

  it('say what to type: for a migration its plan, for a fleet its plan by name', () => {
    expect(notificationOf(record({ summary: 'approval wanted', detail: { planHash: 'abc' } }))?.command).toBe('foreshift approve i-1 --plan abc');
    expect(notificationOf(record({ workflowId: 'fleet/all/tick', instanceId: null, summary: 'approval wanted', detail: { planHash: 'abc', planId: 'plan-1' } }))?.command).toBe('foreshift approve plan-1');
  });

  it('are plain lines', () => {
    const made = notificationOf(record({ summary: 'approval wanted', reason: 'cpu runs out at 14:35', detail: { planHash: 'abc' } }));
    if (made === null) throw new Error('no news');
    expect(messageText(made, 'https://console/migrations/i-1').split('\n')).toEqual([
      'i-1 waits for approval',
      'cpu runs out at 14:35',
      'next: foreshift approve i-1 --plan abc',
      'https://console/migrations/i-1',
      'shop, migration/i-1, 2023-11-14T22:13:20.000Z',
    ]);
  });

  it('are tried again after a time that doubles to ten minutes, for a day', () => {
    expect([1, 2, 3, 20].map((attempts) => nextAttemptAtMs(attempts, 0, 0))).toEqual([5_000, 10_000, 20_000, 600_000]);
    expect(nextAttemptAtMs(9, 0, GIVE_UP_AFTER_MS)).toBeNull();
  });
});
