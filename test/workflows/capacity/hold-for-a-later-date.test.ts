import type { WorkflowHandle } from '@temporalio/client';
import type { PreAllocateInput, PreAllocateResult } from '../../../src/contracts/pre-allocate-capacity';
import { CapacityBench, TEMPLATE } from './capacity-bench';
import { ZONES, type FakeCloud } from './fake-cloud';
import { MINUTE_MS, sleepUntil, statusOf } from './hold-fixture';

const DAY_MS = 86_400_000;
let bench: CapacityBench;
beforeAll(async () => {
  bench = await CapacityBench.start();
});
afterAll(() => bench.stop());

let windows = 0;
/** A window in ten days, looked at every hour, with a demand of 5 vCPUs: 16 x m7i.large is the least order, 1.6 USD an hour for 14 days. */
async function order(change: Partial<PreAllocateInput> = {}): Promise<{ handle: WorkflowHandle; input: PreAllocateInput; fromMs: number }> {
  const fromMs = (await bench.nowMs()) + 10 * DAY_MS + (windows += 1) * 1_000;
  const untilMs = fromMs + 120 * MINUTE_MS;
  const window = [fromMs, untilMs].map((ms) => new Date(ms).toISOString()).join('/');
  const input: PreAllocateInput = { pool: 'shop', window, template: TEMPLATE, zones: ZONES, constraints: { allow: ['m7i.large'] }, demand: { peak: { vcpus: 5, memoryMiB: 4096 } }, refreshMs: 60 * MINUTE_MS, futureDated: true, acceptCommitmentUsd: 600, ...change };
  return { handle: await bench.hold(input), input, fromMs };
}

const orderedOf = (cloud: FakeCloud) => [...cloud.reservations.values()].find(({ committed }) => committed === true);

describe('a reservation that is ordered for a later date', () => {
  it('is planned with the sum that is committed to, and ordered only where that is accepted', async () => {
    const cloud = bench.fresh();
    const planned = (await (await order({ dryRun: true })).handle.result()) as PreAllocateResult;
    expect(planned).toMatchObject({ kind: 'Planned', commitment: { usd: expect.closeTo(537.6) as number, warning: expect.stringMatching(/^16 x m7i.large .*537.60 USD are paid whether it is used or not/) as string } });
    for (const change of [{ acceptCommitmentUsd: 500 }, { budget: { maximumUsdTotal: 500 } }]) {
      expect(await (await order(change)).handle.result()).toMatchObject({ kind: 'Refused', error: 'BudgetExceeded', reasons: [expect.stringMatching(/537.60/)] });
    }
    expect(cloud.calls).not.toContain('order');
  });

  it('is ordered at once, held when EC2 delivers it, handed over place by place, and left to end by itself', async () => {
    const cloud = bench.fresh();
    cloud.fault({ call: 'order', kind: 'losesReply' });
    const { handle, fromMs } = await order();
    await sleepUntil(bench, (await bench.nowMs()) + 10 * MINUTE_MS);
    expect(await statusOf(handle)).toMatchObject({ phase: 'watching', order: { state: 'assessing', count: 16 }, held: [] });
    const ordered = orderedOf(cloud);
    if (ordered !== undefined) ordered.state = 'active';
    await sleepUntil(bench, fromMs + 10 * MINUTE_MS);
    const { held, order: placed } = await statusOf(handle);
    expect([held.length, held[0]?.kind, placed?.state]).toEqual([16, 'committed', 'active']);
    expect(cloud.calls).not.toContain('create');
    const claim = (claimId: string) => handle.executeUpdate('handOver', { args: [{ claimId, by: 'migration/i-1', zone: placed?.zone, shape: placed?.shape }] });
    expect([await claim('one'), await claim('two'), await claim('one')]).toEqual([1, 2, 3].map(() => expect.objectContaining({ reservationId: placed?.reservationId }) as object));
    expect((await statusOf(handle)).held).toHaveLength(14);
    expect(await handle.result()).toMatchObject({ kind: 'Ended', order: { commitmentUsd: expect.closeTo(537.6) as number }, refused: expect.arrayContaining([expect.stringMatching(/stays until its commitment ends; then EC2 ends it/)]) });
    expect(ordered?.state).toBe('active');
    expect(cloud.left()).toEqual([]);
  });

  it('is not ordered once more by a hold that was terminated and is started again: that would be paid twice', async () => {
    const cloud = bench.fresh();
    const { handle, input } = await order();
    await sleepUntil(bench, (await bench.nowMs()) + 10 * MINUTE_MS);
    const ordered = orderedOf(cloud);
    if (ordered !== undefined) ordered.state = 'scheduled';
    await handle.terminate();
    expect(await (await bench.hold(input)).result()).toMatchObject({ kind: 'Refused', error: 'Conflict', reasons: [expect.stringMatching(/^cr-\S+ was ordered by an earlier run, is committed to/)] });
    expect(cloud.calls.filter((call) => call === 'order')).toHaveLength(1);
    expect(cloud.left()).toEqual([]);
  });

  it('is cancelled with the hold while EC2 still assesses it, and the hold does without where EC2 cannot deliver', async () => {
    const cloud = bench.fresh();
    const released = await order();
    await sleepUntil(bench, (await bench.nowMs()) + 10 * MINUTE_MS);
    await released.handle.executeUpdate('release', { args: [] });
    expect(await released.handle.result()).toMatchObject({ kind: 'Ended' });
    expect(orderedOf(cloud)?.state).toBe('cancelled');

    const other = bench.fresh();
    const { handle, fromMs } = await order();
    await sleepUntil(bench, (await bench.nowMs()) + 10 * MINUTE_MS);
    const ordered = orderedOf(other);
    if (ordered !== undefined) ordered.state = 'unsupported';
    await sleepUntil(bench, fromMs + 10 * MINUTE_MS);
    expect((await statusOf(handle)).held.map(({ kind }) => kind)).toEqual(['reservation', 'reservation', 'reservation', 'reservation']);
    expect(await handle.result()).toMatchObject({ kind: 'Ended', refused: expect.arrayContaining([expect.stringMatching(/is unsupported/)]) });
    expect(other.left()).toEqual([]);
  });
});
