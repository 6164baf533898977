import type { PreAllocateResult } from '../../../src/contracts/pre-allocate-capacity';
import { failureOf } from '../saga-bench';
import { CapacityBench } from './capacity-bench';
import { ZONES, type CloudFault } from './fake-cloud';
import { MINUTE_MS, hold, inputOf, needing, sleepUntil, statusOf } from './hold-fixture';

let bench: CapacityBench;
beforeAll(async () => {
  bench = await CapacityBench.start();
});
afterAll(() => bench.stop());

describe('capacity that is held for a pool', () => {
  it('is planned without reserving anything: when, where and for how much', async () => {
    const cloud = bench.fresh();
    const { fromMs, untilMs: _, ...input } = await inputOf(bench, { dryRun: true, constraints: {} });
    bench.need = needing(fromMs + 10 * MINUTE_MS);
    const result = (await (await bench.hold(input)).result()) as PreAllocateResult;
    expect(result).toMatchObject({ kind: 'Planned', usdPerHour: 0.2, reserveAtMs: fromMs - 20 * MINUTE_MS });
    expect(result.kind === 'Planned' && result.places.map((place) => place.replace(/,.*\(/, ' ('))).toEqual([
      '1 x m7i.xlarge in us-east-1a (best)',
      '2 x m7i.large in us-east-1a (other shape)',
      '2 x c7i.large in us-east-1a (other shape)',
      '1 x m7i.xlarge in us-east-1b (other zone)',
      '2 x m7i.large in us-east-1b (other zone)',
      '2 x c7i.large in us-east-1b (other zone)',
    ]);
    expect(cloud.calls).not.toContain('create');
  });

  it('is reserved the lead time before the need, kept until the window ends, and then given back', async () => {
    const cloud = bench.fresh();
    const input = await inputOf(bench);
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 31 * MINUTE_MS);
    expect(await statusOf(handle)).toMatchObject({ phase: 'watching', held: [], reserveAtMs: input.fromMs - 30 * MINUTE_MS });
    await sleepUntil(bench, input.fromMs - 29 * MINUTE_MS);
    expect(await statusOf(handle)).toMatchObject({ phase: 'holding', held: [{ shape: 'm7i.large', zone: 'us-east-1a', rung: 'best' }, { shape: 'm7i.large', zone: 'us-east-1a' }] });
    const result = (await handle.result()) as PreAllocateResult;
    expect(result).toMatchObject({ kind: 'Ended', reason: 'the window is over', report: { handedOver: 0, refusalsAvoided: 0, premiumUsd: 0 } });
    // Two at 0.1 USD an hour for an hour and a half.
    expect(result.kind === 'Ended' && result.report.holdUsd).toBeCloseTo(0.3, 1);
    expect(cloud.left()).toEqual([]);
  });

  it('is never reserved where nothing is needed', async () => {
    const cloud = bench.fresh();
    bench.need = needing(null);
    const handle = await hold(bench, await inputOf(bench));
    expect(await handle.result()).toMatchObject({ kind: 'Ended', report: { holdUsd: 0 } });
    expect(cloud.calls).not.toContain('create');
  });

  it('shrinks when the forecast does, and ends when it is released', async () => {
    const cloud = bench.fresh();
    const input = await inputOf(bench);
    bench.need = needing(input.fromMs, 5.6);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 20 * MINUTE_MS);
    const before = (await statusOf(handle)).held.length;
    bench.need = needing(input.fromMs, 1.2);
    await sleepUntil(bench, input.fromMs - 10 * MINUTE_MS);
    const after = await statusOf(handle);
    expect(after.held.length).toBeLessThan(before);
    expect(after.held.reduce((sum, { vcpus }) => sum + vcpus, 0) * 0.7).toBeGreaterThanOrEqual(1.2);
    await handle.executeUpdate('release', { args: [{ reason: 'the sale is off' }] });
    expect(await handle.result()).toMatchObject({ kind: 'Ended', reason: 'the sale is off' });
    expect(cloud.left()).toEqual([]);
  });

  it('goes down the ladder: another shape in the target zone, then another zone, and what that costs more is told', async () => {
    const cloud = bench.fresh();
    const input = await inputOf(bench, { constraints: { allow: ['m7i.large', 'c7i.large'] } });
    cloud.capacity.set('m7i.large in us-east-1a', 0).set('c7i.large in us-east-1a', 1);
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    const status = await statusOf(handle);
    expect(status.held.map(({ shape, zone, rung }) => `${shape} in ${zone}: ${rung}`)).toEqual(['c7i.large in us-east-1a: other shape', 'm7i.large in us-east-1b: other zone']);
    expect(status.refused).toHaveLength(2);
    expect(status.report.premiumUsd).toBeCloseTo(0.01, 2);
    await handle.result();
    expect(cloud.left()).toEqual([]);
  });

  it('is looked for again where every rung refuses, and reports what was refused', async () => {
    const cloud = bench.fresh();
    for (const shape of ['m7i.large', 'm7i.xlarge', 'c7i.large']) for (const zone of ZONES) cloud.capacity.set(`${shape} in ${zone}`, 0);
    const input = await inputOf(bench);
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 25 * MINUTE_MS);
    expect(await statusOf(handle)).toMatchObject({ phase: 'holding', held: [] });
    cloud.capacity.clear();
    await sleepUntil(bench, input.fromMs - 20 * MINUTE_MS);
    expect((await statusOf(handle)).held).toHaveLength(2);
    await handle.executeUpdate('release', { args: [] });
    await handle.result();
    expect(cloud.left()).toEqual([]);
  });

  it('is handed over, once, to replicas of the pool that ask for the place; had it not been held they would have been refused', async () => {
    const cloud = bench.fresh();
    cloud.capacity.set('m7i.large in us-east-1a', 2);
    const input = await inputOf(bench);
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    const place = { zones: ['us-east-1a'], constraints: { allow: ['m7i.large'] } };
    const result = await bench.run(bench.request({ ...place, service: 'shop' }));
    expect(result).toMatchObject({ kind: 'Provisioned', complete: true });
    expect(await bench.run(bench.request({ ...place, service: 'other', count: 1, demand: { peak: { vcpus: 1, memoryMiB: 1024 } } }))).toMatchObject({ kind: 'Refused', error: 'InsufficientCapacity' });
    bench.need = needing(null);
    const ended = (await handle.result()) as PreAllocateResult;
    expect(ended).toMatchObject({ kind: 'Ended', report: { handedOver: 2, refusalsAvoided: 2 } });
    expect(cloud.replicas()).toHaveLength(2);
    expect(cloud.violations).toEqual([]);
    expect(cloud.left()).toEqual([]);
  });

  it.each<CloudFault>([
    { call: 'create', kind: 'losesReply', times: 2 },
    { call: 'cancel', kind: 'losesReply' },
    { call: 'create', kind: 'fails', times: 3 },
  ])('holds no more than needed and leaves nothing over where $call $kind', async (fault) => {
    const cloud = bench.fresh();
    cloud.fault(fault);
    const input = await inputOf(bench);
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    expect([...cloud.reservations.values()].filter(({ state }) => state === 'active')).toHaveLength(2);
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(cloud.left()).toEqual([]);
  });

  it('is given back when the hold is cancelled, and an operator is told where that fails', async () => {
    const cloud = bench.fresh();
    const input = await inputOf(bench);
    bench.need = needing(input.fromMs);
    const cancelled = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    await cancelled.cancel();
    await expect(cancelled.result()).rejects.toThrow(/cancel/i);
    expect(cloud.left()).toEqual([]);

    const other = await inputOf(bench);
    bench.need = needing(other.fromMs);
    const handle = await hold(bench, other);
    await sleepUntil(bench, other.fromMs);
    cloud.fault({ call: 'cancel', kind: 'isRefused' });
    expect(await handle.result()).toMatchObject({ kind: 'NeedsOperator', left: expect.arrayContaining([expect.stringMatching(/could not be given back/), expect.stringMatching(/^capacity reservation cr-/)]) });
  });

  it('that was terminated gives back what it held when it is started again, and holds anew', async () => {
    const cloud = bench.fresh();
    const input = await inputOf(bench);
    bench.need = needing(input.fromMs);
    const first = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    await first.terminate();
    const left = cloud.left();
    expect(left.length).toBeGreaterThan(0);
    const second = await hold(bench, input);
    await bench.env.sleep('1m');
    expect(cloud.left()).toHaveLength(left.length);
    expect(cloud.left()).not.toEqual(expect.arrayContaining(left));
    expect(await second.result()).toMatchObject({ kind: 'Ended' });
    expect(cloud.left()).toEqual([]);
  });

  it('goes on in the next run of the workflow with what the one before held, and counts what that cost', async () => {
    const cloud = bench.fresh();
    const { fromMs, untilMs: _, ...input } = await inputOf(bench);
    bench.need = needing(fromMs);
    const nowMs = await bench.nowMs();
    const before = { kind: 'reservation' as const, id: 'cr-before', zone: 'us-east-1a', shape: 'm7i.large', usdPerHour: 0.1, vcpus: 2, memoryMiB: 8192, bestUsdPerHour: 0.1, sinceMs: nowMs - 600 * MINUTE_MS, rung: 'best' };
    const handle = await bench.hold(input, { held: [before], handedOver: [], spent: [], refused: ['earlier'], step: 1_000, scheduled: null, planned: { usdPerHour: 0.2, holdUsd: 0.3, commitment: null }, order: null, doubts: [], taskQueue: null });
    await sleepUntil(bench, fromMs);
    const status = await statusOf(handle);
    expect(status.held.map(({ id }) => id)).toEqual(['cr-before', expect.stringMatching(/^cr-/)]);
    expect(status.report.holdUsd).toBeGreaterThan(1);
    expect(status.refused).toEqual(['earlier']);
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(cloud.left()).toEqual([]);
  });

  it('names the field that is wrong, and the id that it wants', async () => {
    bench.fresh();
    const failure = await failureOf((await bench.hold({ pool: 'shop', window: 'tomorrow' })).result());
    expect(failure).toMatchObject({ type: 'InvalidInput', message: expect.stringMatching(/window is "tomorrow"; expected an ISO 8601 interval/) });
  });
});
