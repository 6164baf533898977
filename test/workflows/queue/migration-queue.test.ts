import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { MoveRequest } from '../../../src/domain/queue/move-request';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import { ROLLED_BACK } from './fake-fleet';
import type { FakeFleet } from './fake-fleet';
import { QueueBench } from './queue-bench';

const SECOND = 1_000;
const MANY = { maxConcurrent: { fleet: 100, pool: 100, service: 100 }, maxMovesPerHour: 10_000, maxCostUsdPerDay: 1e6, breakerFailures: 1_000 };

describe('the queue', () => {
  let bench: QueueBench;
  beforeAll(async () => {
    bench = await QueueBench.start();
  });
  afterAll(() => bench.stop());

  const itemsOf = (fleet: FakeFleet): string[] => fleet.moves.map(({ input }) => input.queueItemId ?? '').toSorted();
  const auditOf = (fleet: FakeFleet, kind: string): string[] => fleet.audit.filter((entry) => entry.kind === kind).map(({ summary, reason }) => (reason === null ? summary : `${summary}: ${reason}`));

  it('begins what it is told to as a migration of its own, hears its end, and audits each step', async () => {
    const fleet = await bench.fresh();
    const request = await bench.request(1, { zones: ['us-east-1b'], shapes: ['m7i.large'] });
    expect(await bench.enqueue([request])).toEqual([{ itemId: 'item-1', kind: 'queued', position: 1 }]);
    const { ended } = await bench.until(({ counts }) => counts.ended === 1);
    expect(ended).toMatchObject([{ itemId: 'item-1', outcome: 'moved', toPool: 'us-east-1b', replacementId: request.instanceId.replace('i-0', 'i-f') }]);
    expect(fleet.moves[0]?.input).toEqual({ instanceId: request.instanceId, trigger: 'queue', reason: request.reason, onlyIfContended: true, queueId: bench.queue.workflowId, queueItemId: 'item-1', zones: ['us-east-1b'], shapes: ['m7i.large'] });
    // The audit is written in the turn after: the status may be ahead of it.
    await bench.untilTrue(() => auditOf(fleet, 'outcome').length === 1);
    expect(fleet.audit.map(({ kind, summary }) => [kind, summary])).toEqual([['decision', 'item-1 queued'], ['decision', 'item-1 begins'], ['outcome', 'item-1 ended: moved']]);
  });

  it('answers a storm of 500 at once, loses and doubles nothing, and keeps its limits, over several runs', async () => {
    const policy = { ...MANY, maxConcurrent: { fleet: 40, pool: 15, service: 3 }, maxMovesPerHour: 450 };
    const fleet = await bench.fresh(policy, { continueAfterEvents: 400, lookEveryMs: 5 * SECOND });
    fleet.play = (instanceId) => ({ lastsMs: (parseInt(instanceId.slice(-3), 16) % 7) * 50 });
    const requests = await bench.requests(500, (i) => ({ service: `service-${i % 30}`, sourcePool: `zone-${i % 4}`, reason: 'CPU of web-17 is forecast to pass 85 % with a probability of 0.93 within the next two hours, in 48 minutes; memory stays below' }));
    const batches = Array.from({ length: 20 }, (_, i) => requests.slice(i * 25, i * 25 + 25));
    const answers = (await Promise.all(batches.map((batch) => bench.enqueue(batch)))).flat();
    expect(answers.map(({ kind }) => kind)).toEqual(requests.map(() => 'queued'));
    // All of them again, in another order.
    const again = await Promise.all(batches.toReversed().map((batch) => bench.enqueue(batch.toReversed())));
    expect(again.flat().every(({ kind }) => kind === 'duplicate')).toBe(true);
    const { queued } = await bench.until(({ counts }) => counts.ended === 450 && counts.running === 0);
    expect(queued.map(({ heldBecause }) => heldBecause)).toEqual(Array(50).fill('450 moves began within an hour, as many as may'));
    await bench.tell('configure', { maxMovesPerHour: 500 });
    expect((await bench.until(({ counts }) => counts.ended === 500)).counts).toEqual({ queued: 0, running: 0, ended: 500 });
    expect(itemsOf(fleet)).toEqual(requests.map(({ itemId }) => itemId).toSorted());
    expectLimits(fleet, requests, policy.maxConcurrent);
    const payloads = await largestPayload(bench);
    expect(payloads.runs).toBeGreaterThan(2);
    expect(payloads.bytes).toBeLessThan(65_536);
    await bench.untilTrue(() => auditOf(fleet, 'outcome').length >= 500);
    expect(auditOf(fleet, 'outcome')).toHaveLength(500);
  });

  it('ends what is no longer so on fresh data, with the reason', async () => {
    const fleet = await bench.fresh();
    const [gone, stopped, shadow] = await bench.requests(3);
    if (gone === undefined || stopped === undefined || shadow === undefined) throw new Error('three were asked for');
    fleet.instances.delete(gone.instanceId);
    fleet.add(stopped, 'shop', { state: 'stopped' });
    fleet.add(shadow, 'shop', { tags: { 'foreshift:owner': 'migration/i-1' } });
    await bench.enqueue([gone, stopped, shadow]);
    const { ended } = await bench.until(({ counts }) => counts.ended === 3);
    expect(ended.map(({ outcome }) => outcome)).toEqual(['stale', 'stale', 'stale']);
    expect(fleet.moves).toEqual([]);
    await bench.untilTrue(() => auditOf(fleet, 'refusal').length === 3);
    expect(auditOf(fleet, 'refusal')).toContain(`item-1 does not begin: StaleDecision: ${gone.instanceId} is gone; only a running instance can be moved`);
  });

  it('never begins the move of a last healthy instance, and begins it when another one is well again', async () => {
    const fleet = await bench.fresh();
    const request = await bench.request(1);
    const neighbour = [...fleet.instances.keys()].find((id) => id !== request.instanceId) ?? '';
    fleet.sick.add(neighbour);
    await bench.enqueue([request]);
    const held = await bench.until(({ queued }) => queued[0]?.heldBecause !== null);
    expect(held.queued[0]?.heldBecause).toBe('0 other healthy instance(s) of service-1 would be left; 1 must');
    expect(fleet.moves).toEqual([]);
    fleet.sick.clear();
    await bench.until(({ counts }) => counts.ended === 1);
    expect(itemsOf(fleet)).toEqual(['item-1']);
  });

  it('looks after moves that say nothing: terminated, failed, or ended without a word', async () => {
    const fleet = await bench.fresh({ ...MANY, breakerFailures: 3 });
    fleet.play = () => ({ tells: 0, lastsMs: SECOND });
    const requests = await bench.requests(3);
    await bench.enqueue(requests);
    await bench.until(({ running }) => running.length === 3 && running.every(({ runId }) => runId !== null));
    await bench.client.workflow.getHandle(migrationWorkflowId(requests[0]?.instanceId ?? '')).terminate('by an operator');
    expect((await bench.until(({ counts }) => counts.ended === 1)).ended).toMatchObject([{ itemId: 'item-1', outcome: 'failed', reason: expect.stringMatching(/ended from outside \(terminated\)/) as string }]);
    const { ended, failuresInARow } = await bench.until(({ counts }) => counts.ended === 3);
    expect(ended.map(({ itemId, outcome }) => [itemId, outcome]).toSorted()).toEqual([['item-1', 'failed'], ['item-2', 'moved'], ['item-3', 'moved']]);
    expect(failuresInARow).toBe(0);
  });

  it('counts an end once, though it is told of twice and looked at', async () => {
    const fleet = await bench.fresh({ ...MANY, breakerFailures: 2 });
    fleet.play = () => ({ tells: 2, result: ROLLED_BACK });
    await bench.enqueue(await bench.requests(1));
    await bench.until(({ counts }) => counts.ended === 1);
    await bench.pass(SECOND);
    expect(await bench.status()).toMatchObject({ counts: { ended: 1 }, failuresInARow: 1, breaker: null });
  });

  it('opens its breaker when moves fail in a row, and goes on when an operator resumes', async () => {
    const fleet = await bench.fresh({ maxConcurrent: { fleet: 1, pool: 1, service: 1 }, breakerFailures: 2, maxMovesPerHour: 100, heldTooLongMs: SECOND });
    fleet.play = () => ({ result: ROLLED_BACK, lastsMs: 10 });
    await bench.enqueue(await bench.requests(4));
    await bench.until(({ counts }) => counts.ended === 2);
    await bench.pass(2 * SECOND);
    const { breaker, queued } = await bench.status();
    expect(itemsOf(fleet)).toEqual(['item-1', 'item-2']);
    expect(breaker).toMatch(/^2 moves failed in a row, the last one: RolledBack: errors in the ramp/);
    expect(queued[0]?.heldBecause).toMatch(/^the breaker is open/);
    expect(auditOf(fleet, 'refusal').filter((text) => text.includes('breaker opens'))).toHaveLength(1);
    expect(auditOf(fleet, 'refusal').filter((text) => text.includes('is held for too long'))).toHaveLength(2);
    fleet.play = () => ({ lastsMs: 10 });
    await bench.tell('resume', { by: 'ops', reason: 'the image is mended' });
    await bench.until(({ counts }) => counts.ended === 4);
    expect(itemsOf(fleet)).toEqual(['item-1', 'item-2', 'item-3', 'item-4']);
    await bench.untilTrue(() => auditOf(fleet, 'operator').length > 0);
    expect(auditOf(fleet, 'operator')).toEqual(['resumed: the image is mended']);
  });

  it('begins nothing while it is paused or frozen, and holds what runs where it is told to', async () => {
    const fleet = await bench.fresh(MANY);
    fleet.play = () => ({ lastsMs: 2 * SECOND });
    const [first, second, third] = await bench.requests(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were asked for');
    await bench.enqueue([first]);
    await bench.until(({ running }) => running[0]?.runId !== null && running.length === 1);
    await bench.tell('pause', { reason: 'release', holdRunning: true });
    await bench.enqueue([second]);
    await bench.until(({ running, queued }) => running[0]?.held === true && queued[0]?.heldBecause === 'the queue is paused: release');
    await bench.tell('resume', {});
    await bench.until(({ counts, running }) => counts.running === 2 && running[0]?.held === false);
    const untilMs = Date.now() + 3 * SECOND;
    await bench.tell('freeze', { untilMs, reason: 'Black Friday' });
    await bench.enqueue([third]);
    const { queued } = await bench.until(({ counts }) => counts.ended === 2);
    expect(queued[0]?.heldBecause).toMatch(/^frozen until .*: Black Friday$/);
    expect(fleet.moves[0]?.heard).toEqual(['pause', 'resume']);
    await bench.until(({ counts }) => counts.ended === 3);
    expect(itemsOf(fleet)).toEqual(['item-1', 'item-2', 'item-3']);
    expect(fleet.moves[2]?.beganAtMs).toBeGreaterThanOrEqual(untilMs);
  });

  it('begins only within its windows, which an activity resolves', async () => {
    const fleet = await bench.fresh(MANY);
    const tomorrow = ((new Date(Date.now() + 86_400_000).getUTCDay() + 6) % 7) + 1;
    const window = { timeZone: 'UTC', weekdays: [tomorrow], from: '00:00', to: '00:00' };
    await bench.tell('configure', { windows: [window] });
    await bench.enqueue(await bench.requests(1));
    const { queued, openIntervals } = await bench.until((status) => status.queued[0]?.heldBecause !== null);
    expect(queued[0]?.heldBecause).toMatch(/^outside the windows; the next one opens at .*T00:00:00.000Z$/);
    expect(openIntervals).toHaveLength(2);
    expect(fleet.moves).toEqual([]);
    await bench.tell('configure', { windows: [window, { ...window, weekdays: [1, 2, 3, 4, 5, 6, 7] }] });
    await bench.until(({ counts }) => counts.ended === 1);
    await bench.tell('configure', { windows: [{ ...window, timeZone: 'Mars/Base' }] });
    await bench.until((status) => status.openIntervals?.length === 0);
    await bench.untilTrue(() => auditOf(fleet, 'failure').length > 0);
    expect(auditOf(fleet, 'failure')).toEqual([expect.stringMatching(/^the windows cannot be resolved; no move begins: .*Mars\/Base/)]);
  });

  it('cancels, reprioritizes and reconfigures what waits, in its order', async () => {
    const fleet = await bench.fresh({ maxConcurrent: { fleet: 0, pool: 1, service: 1 }, maxMovesPerHour: 100 });
    await bench.enqueue(await bench.requests(4, (i) => ({ impactMinutes: i, decisionId: i < 3 ? 'plan-1' : 'plan-2' })));
    expect(await bench.tell('cancel', { decisionId: 'plan-1', reason: 'another plan', by: 'ops' })).toEqual({ itemIds: ['item-1', 'item-2'] });
    expect(await bench.tell('reprioritize', { itemId: 'item-3', weight: 100 })).toEqual({ itemIds: ['item-3'] });
    expect((await bench.status()).queued.map(({ request }) => request.itemId)).toEqual(['item-3', 'item-4']);
    await bench.tell('configure', { maxConcurrent: { fleet: 1, pool: 1, service: 1 } });
    await bench.until(({ counts }) => counts.ended === 4);
    expect(fleet.moves.map(({ input }) => input.queueItemId)).toEqual(['item-3', 'item-4']);
    expect((await bench.status()).ended.filter(({ outcome }) => outcome === 'cancelled')).toHaveLength(2);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['a pause without a reason', 'pause', {}, /reason is missing/],
    ['a freeze that is over', 'freeze', { untilMs: 5, reason: 'r' }, /untilMs is 5; expected a time to come/],
    ['a batch that is none', 'enqueue', { request: [] }, /requests is missing; expected a list of at most 100/],
    ['a misspelt limit', 'configure', { maxMoves: 5 }, /maxMoves is not a field of the queue policy/],
    ['a cancellation of nothing', 'cancel', undefined, /cancel takes one JSON object/],
  ])('refuses %s with a sentence, and goes on', async (_, message, args, sentence) => {
    const error: unknown = await bench.tell(message, args).catch((reason: unknown) => reason);
    expect(error instanceof WorkflowUpdateFailedError && error.cause?.message).toMatch(sentence);
  });

  it('does not break at a message that it does not understand', async () => {
    const fleet = await bench.fresh();
    await bench.queue.signal('moveEnded', 'what?');
    await bench.queue.signal('predict', { outlooks: [{}] });
    await bench.enqueue(await bench.requests(1));
    await bench.until(({ counts }) => counts.running === 1);
    await bench.untilTrue(() => auditOf(fleet, 'refusal').length === 2);
    // Signals that come before the first task are taken in the order of their handlers.
    expect(auditOf(fleet, 'refusal').map((text) => text.split(':')[0]).toSorted()).toEqual(['predictions were not understood', 'the end of a move was not understood']);
  });

  it('tells running moves what new predictions mean: go back, or ramp at another pace', async () => {
    const fleet = await bench.fresh(MANY);
    fleet.play = () => ({ lastsMs: 2 * SECOND });
    const [calm, disturbed] = await bench.requests(2);
    if (calm === undefined || disturbed === undefined) throw new Error('two were asked for');
    await bench.enqueue([calm, disturbed]);
    await bench.until(({ running }) => running.length === 2 && running.every(({ runId }) => runId !== null));
    const outlook = { impactMinutes: 0, onsetAtMs: null, serviceDisturbed: false, contended: true };
    await bench.queue.signal('predict', { outlooks: [{ ...outlook, instanceId: calm.instanceId, contended: false }, { ...outlook, instanceId: disturbed.instanceId, serviceDisturbed: true }] });
    await bench.until(({ counts }) => counts.ended === 2);
    const heard = (request: MoveRequest): unknown => fleet.moves.find(({ input }) => input.instanceId === request.instanceId)?.heard;
    expect([heard(calm), heard(disturbed)]).toEqual([[expect.stringMatching(/^requestAbort .*no longer forecast to run out/)], ['requestRampRate {"stepMs":60000}']]);
    expect((await bench.status()).ended.map(({ itemId, outcome }) => [itemId, outcome]).toSorted()).toEqual([['item-1', 'aborted'], ['item-2', 'moved']]);
    expect(await bench.status()).toMatchObject({ failuresInARow: 0 });
  });

  it('waits while it cannot see, and begins when it can', async () => {
    const fleet = await bench.fresh(MANY);
    fleet.unavailable = true;
    await bench.enqueue(await bench.requests(1));
    await bench.untilTrue(() => auditOf(fleet, 'failure').length > 0);
    expect([fleet.moves.length, auditOf(fleet, 'failure')[0]]).toEqual([0, '1 instance(s) could not be looked at; they wait: EC2 is not allowed']);
    fleet.unavailable = false;
    await bench.until(({ counts }) => counts.ended === 1);
    expect(itemsOf(fleet)).toEqual(['item-1']);
  });

  it('asks for capacity ahead of a planned start, hands it to the migration, and gives back what is left', async () => {
    const fleet = await bench.fresh(MANY);
    fleet.play = () => ({ lastsMs: SECOND });
    const notBeforeMs = Date.now() + 3 * SECOND;
    await bench.enqueue(await bench.requests(2, () => ({ notBeforeMs, zones: ['us-east-1b'], shapes: ['m7i.large'] })));
    await bench.untilTrue(() => fleet.reservations.size === 2);
    expect(Date.now()).toBeLessThan(notBeforeMs);
    await bench.tell('cancel', { itemId: 'item-2', reason: 'not needed' });
    await bench.untilTrue(() => fleet.reservations.size === 1);
    await bench.until(({ counts }) => counts.running === 1);
    expect([...fleet.reservations.keys()]).toEqual(['cr-item-1']);
    await bench.until(({ counts }) => counts.ended === 2);
    expect(fleet.moves.map(({ input }) => input.reservation)).toEqual([{ reservationId: 'cr-item-1', zone: 'us-east-1b', shape: 'm7i.large' }]);
    await bench.untilTrue(() => fleet.reservations.size === 0);
  });

  it('begins without capacity ahead where there is no room: the migration has other rungs', async () => {
    const fleet = await bench.fresh(MANY);
    fleet.full = true;
    const notBeforeMs = Date.now() + SECOND;
    await bench.enqueue(await bench.requests(1, () => ({ notBeforeMs, zones: ['us-east-1b'], shapes: ['m7i.large'] })));
    await bench.until(({ counts }) => counts.ended === 1);
    expect(fleet.moves[0]?.input.reservation).toBeUndefined();
    expect(auditOf(fleet, 'refusal')).toEqual(['no capacity for item-1 ahead of time: m7i.large in us-east-1b: no room for m7i.large in us-east-1b']);
  });

  it('goes on where it was when its worker dies', async () => {
    const fleet = await bench.fresh({ ...MANY, maxConcurrent: { fleet: 2, pool: 100, service: 100 } });
    await bench.enqueue(await bench.requests(6));
    await bench.until(({ counts }) => counts.running === 2);
    await bench.stopWorker();
    await bench.startWorker();
    await bench.until(({ counts }) => counts.ended === 6);
    expect(itemsOf(fleet)).toEqual(['item-1', 'item-2', 'item-3', 'item-4', 'item-5', 'item-6']);
  });

  it('is refused under another id than its own: there is one queue a fleet', async () => {
    const other = await bench.client.workflow.start('migrationQueue', { taskQueue: 'queue-bench', workflowId: 'my-queue', args: [{ fleet: 'shop' }] });
    await expect(other.result()).rejects.toMatchObject({ cause: { type: 'InvalidInput', message: 'the queue of fleet shop has the workflow id fleet/shop/queue and no other: there is one a fleet' } });
  });
});

function expectLimits(fleet: FakeFleet, requests: readonly MoveRequest[], limits: { fleet: number; pool: number; service: number }): void {
  const byItem = new Map(requests.map((request) => [request.itemId, request]));
  for (const { beganAtMs } of fleet.moves) {
    const beside = fleet.moves.filter((other) => other.beganAtMs <= beganAtMs && (other.endedAtMs ?? Infinity) > beganAtMs).map(({ input }) => byItem.get(input.queueItemId ?? ''));
    expect(beside.length).toBeLessThanOrEqual(limits.fleet);
    expect(most(beside.map((request) => request?.service ?? ''))).toBeLessThanOrEqual(limits.service);
    expect(most(beside.map((request) => request?.sourcePool ?? ''))).toBeLessThanOrEqual(limits.pool);
  }
}

function most(names: readonly string[]): number {
  return Math.max(0, ...[...new Set(names)].map((name) => names.filter((other) => other === name).length));
}

/** Over all runs of the queue: how many there were, and the largest payload of any event. */
async function largestPayload(bench: QueueBench): Promise<{ runs: number; bytes: number }> {
  let runs = 0;
  let bytes = 0;
  for (let runId: string | undefined = await firstRun(bench); runId !== undefined; ) {
    const { events } = await bench.client.workflow.getHandle(bench.queue.workflowId, runId).fetchHistory();
    runs += 1;
    runId = undefined;
    for (const event of events ?? []) {
      bytes = Math.max(bytes, ...sizesOf(event));
      runId = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? runId;
    }
  }
  return { runs, bytes };
}

async function firstRun(bench: QueueBench): Promise<string | undefined> {
  const { raw } = await bench.queue.describe();
  return raw.workflowExecutionInfo?.firstRunId ?? undefined;
}

function sizesOf(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  const { data } = value as { data?: unknown };
  if (data instanceof Uint8Array) return [data.length];
  return Object.values(value).flatMap(sizesOf);
}
