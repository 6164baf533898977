import type { WorkflowHandle } from '@temporalio/client';
import { checkIsolationInput } from '../../../src/domain/isolation-input';
import type { IsolationStatus } from '../../../src/contracts/isolate-host';
import { RECORDING, keepHistory, recordedHistory } from '../recorded-histories';
import { QueueBench } from './queue-bench';

const MANY = { maxConcurrent: { fleet: 10, pool: 10, service: 10 }, maxMovesPerHour: 1_000, maxCostUsdPerDay: 1e6 };

describe('an isolation', () => {
  let bench: QueueBench;
  beforeAll(async () => {
    bench = await QueueBench.start();
  });
  afterAll(() => bench.stop());

  const statusOf = (handle: WorkflowHandle): Promise<IsolationStatus> => handle.query<IsolationStatus>('status');
  const untilPhase = async (handle: WorkflowHandle, phase: string): Promise<IsolationStatus> => {
    let status = await statusOf(handle);
    await bench.untilTrue(async () => (status = await statusOf(handle)).phase === phase);
    return status;
  };

  it('is kept where planners read it, and drains its place in order through the queue', async () => {
    const fleet = await bench.fresh({ ...MANY, maxConcurrent: { fleet: 1, pool: 1, service: 1 } });
    fleet.movesAway = true;
    const [first, second, third] = await bench.requests(3, () => ({ sourcePool: 'zone-a' }));
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were asked for');
    const tagged = (sla: string) => ({ tags: { 'foreshift:fleet': bench.fleetName, 'foreshift:service': `${sla}-service`, 'foreshift:sla': sla } });
    fleet.add(first, bench.fleetName, tagged('critical'));
    fleet.add(second, bench.fleetName, tagged('relaxed'));
    fleet.add(third, bench.fleetName, { tags: { Name: 'stray' } });
    for (const sla of ['critical', 'relaxed']) fleet.add({ ...first, instanceId: first.instanceId.replace(/^i-0/, `i-${sla === 'critical' ? 'a' : 'b'}`), sourcePool: 'zone-b' }, bench.fleetName, { zone: 'zone-b', ...tagged(sla) });
    const handle = await bench.isolate({ zone: 'zone-a', reason: 'power trouble', lookEveryMs: 500 }, 'zone-a');
    const status = await untilPhase(handle, 'isolated');
    expect(status).toMatchObject({ kind: 'zone', members: 1, unmanaged: [third.instanceId], refused: [] });
    expect([...fleet.isolations.values()]).toMatchObject([{ place: 'zone-a', kind: 'zone', reason: 'power trouble', source: 'operator', untilMs: null, workflowId: 'host/zone-a' }]);
    expect(fleet.moves.map(({ input }) => [input.instanceId, input.onlyIfContended, input.avoidZones])).toEqual([[second.instanceId, false, ['zone-a']], [first.instanceId, false, ['zone-a']]]);
    // Double running and the disturbance of a critical and of a relaxed one count against the day's budget.
    const { ended } = await bench.status();
    expect(ended.map(({ costUsd }) => costUsd > 0)).toEqual([true, true]);
    await handle.executeUpdate('lift', { args: [{ reason: 'power is back', by: 'ops' }] });
    expect(await handle.result()).toMatchObject({ phase: 'lifted' });
    expect(fleet.isolations.size).toBe(0);
    expect(fleet.audit.filter(({ workflowId }) => workflowId === 'host/zone-a').map(({ summary, reason, actor }) => [summary, reason, actor])).toEqual([
      ['zone zone-a is isolated', 'power trouble', 'foreshift:isolation:operator'],
      ['2 move(s) away from zone-a queued', null, 'foreshift:isolation:operator'],
      ['zone-a is drained', `${third.instanceId} have no fleet and stay`, 'foreshift:isolation:operator'],
      ['the isolation of zone-a is lifted', 'power is back', 'ops'],
    ]);
  });

  it('takes its waiting moves out of the queue when it is lifted', async () => {
    const fleet = await bench.fresh({ ...MANY, maxConcurrent: { fleet: 0, pool: 1, service: 1 } });
    await bench.requests(2, () => ({ sourcePool: 'zone-c' }));
    const handle = await bench.isolate({ zone: 'zone-c', reason: 'r' }, 'zone-c');
    await bench.until(({ counts }) => counts.queued === 2);
    await handle.executeUpdate('lift', { args: [{}] });
    expect(await handle.result()).toMatchObject({ phase: 'lifted', members: 2 });
    expect((await bench.status()).ended.map(({ outcome, reason }) => [outcome, reason])).toEqual(Array(2).fill(['cancelled', 'zone-c is isolated no longer']));
    expect(fleet.moves).toEqual([]);
  });

  it('expires by itself, and ends where it is cancelled', async () => {
    const fleet = await bench.fresh(MANY);
    const expiring = await bench.isolate({ pool: 'pool-d', reason: 'r', drain: false, until: new Date(Date.now() + 1_500).toISOString() }, 'pool-d');
    const cancelled = await bench.isolate({ hostId: 'h-0123456789abcdef0', reason: 'r', source: 'scheduled-event' }, 'h-0123456789abcdef0');
    await bench.untilTrue(() => fleet.isolations.size === 2);
    expect(await expiring.result()).toMatchObject({ kind: 'pool', phase: 'expired' });
    await untilPhase(cancelled, 'isolated');
    await cancelled.cancel();
    await expect(cancelled.result()).rejects.toThrow();
    expect(fleet.isolations.size).toBe(0);
  });

  it('is refused with a sentence for what it cannot mean, and under another id than its own', async () => {
    expect(checkIsolationInput({ zone: 'a', pool: 'b', reason: 'r' })).toEqual(['2 places are named; expected exactly one of hostId, zone and pool']);
    expect(checkIsolationInput({ zone: 'a', until: 'tomorrow' })).toEqual(['reason is missing; expected a text of 1 to 300 characters', 'until is "tomorrow"; expected a time with its zone, such as "2026-11-26T10:00:00Z"']);
    await bench.fresh();
    const handle = await bench.isolate({ zone: 'zone-e', reason: 'r' }, 'another-name');
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'InvalidInput', message: 'the isolation of zone-e has the workflow id host/zone-e and no other: a place is isolated once' } });
  });

  describe('and a queue, as they were recorded', () => {
    const stories: Readonly<Record<string, () => Promise<WorkflowHandle>>> = {
      'isolate/drained-and-lifted': async () => {
        const fleet = await bench.fresh(MANY);
        fleet.movesAway = true;
        await bench.requests(2, () => ({ sourcePool: 'zone-r' }));
        const handle = await bench.isolate({ zone: 'zone-r', reason: 'power trouble', lookEveryMs: 500 }, 'zone-r');
        await untilPhase(handle, 'isolated');
        await handle.executeUpdate('lift', { args: [{}] });
        await handle.result();
        return handle;
      },
      'queue/moved-failed-and-cancelled': async () => {
        const fleet = await bench.fresh(MANY);
        fleet.play = (instanceId) => (instanceId.endsWith('1') ? { result: { kind: 'RolledBack', phase: 'ramp', reasons: ['errors'], phases: [] } } : { tells: 0 });
        const requests = await bench.requests(4);
        fleet.instances.delete(requests[2]?.instanceId ?? '');
        await bench.tell('pause', { reason: 'release' });
        await bench.enqueue(requests.slice(0, 3));
        await bench.enqueue(requests);
        await bench.tell('cancel', { itemId: 'item-4', reason: 'not needed' });
        await bench.tell('resume', {});
        await bench.until(({ counts }) => counts.ended === 4);
        return bench.queue;
      },
      'queue/planned-with-windows-and-predictions': async () => {
        const window = { timeZone: 'Europe/Berlin', weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' };
        const fleet = await bench.fresh({ ...MANY, windows: [window] });
        fleet.play = () => ({ lastsMs: 1_500 });
        const requests = await bench.requests(2, () => ({ notBeforeMs: Date.now() + 1_500, zones: ['us-east-1b'], shapes: ['m7i.large'] }));
        await bench.enqueue(requests);
        await bench.until(({ running }) => running.length === 2 && running.every(({ runId }) => runId !== null));
        await bench.queue.signal('predict', { outlooks: requests.map(({ instanceId }, i) => ({ instanceId, contended: i === 0, impactMinutes: 1, onsetAtMs: null, serviceDisturbed: i === 0 })) });
        await bench.until(({ counts }) => counts.ended === 2);
        return bench.queue;
      },
    };

    // Only told to be recorded: they take their time.
    if (RECORDING) {
      it.each(Object.keys(stories))('are kept: %s', async (name) => {
        const handle = await stories[name]?.();
        if (handle === undefined) throw new Error(`there is no story ${name}`);
        await keepHistory(name, handle);
      });
    }

    it('are what their names say', () => {
      expect(recordedHistory('isolate/drained-and-lifted').result).toMatchObject({ place: 'zone-r', phase: 'lifted', unmanaged: [] });
    });
  });
});
