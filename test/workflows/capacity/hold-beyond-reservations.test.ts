import type { PreAllocateResult } from '../../../src/contracts/pre-allocate-capacity';
import { RAISED_BY_TAG } from '../../../src/contracts/workflow-ids';
import { CapacityBench } from './capacity-bench';
import { ZONES, type CloudFault, type FakeCloud } from './fake-cloud';
import { MINUTE_MS, hold, inputOf, needing, sleepUntil, statusOf } from './hold-fixture';

let bench: CapacityBench;
beforeAll(async () => {
  bench = await CapacityBench.start();
});
afterAll(() => bench.stop());

/** A cloud in which no reservation and no On-Demand instance is to be had. */
function fullCloud(): FakeCloud {
  const cloud = bench.fresh();
  for (const zone of ZONES) cloud.capacity.set(`m7i.large in ${zone}`, 0);
  return cloud;
}

const ALL = { means: ['reservation', 'auto-scaling', 'launch', 'spot'] as const, autoScalingGroup: 'shop-asg' };
const marksOf = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): string[] => Object.keys(tags).filter((key) => key.startsWith(RAISED_BY_TAG));

describe('a hold that goes beyond reservations', () => {
  it('raises the Auto Scaling group where no reservation is to be had, and lowers it by exactly that: what somebody else added stays', async () => {
    const cloud = fullCloud();
    const group = cloud.addGroup('shop-asg', { warm: 3 });
    const input = await inputOf(bench, ALL);
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    const status = await statusOf(handle);
    expect(status.held.map(({ kind, id, rung }) => `${kind} ${id.replace(/\d+$/, 'n')} ${rung}`)).toEqual(['group shop-asg+n auto-scaling', 'group shop-asg+n auto-scaling']);
    expect(status.planned).toMatchObject({ usdPerHour: 0.2 });
    expect(group.desired).toBe(4);
    expect(group.tags[marksOf(group)[0] ?? '']).toMatch(/^raise-\d+@\S+ 2:4 \+2 capacity\/shop\//);
    group.desired = 5;
    const result = (await handle.result()) as PreAllocateResult;
    expect(result).toMatchObject({ kind: 'Ended', planned: { usdPerHour: 0.2 } });
    expect(result.kind === 'Ended' && result.report.holdUsd).toBeCloseTo(0.3, 1);
    expect(group.desired).toBe(3);
    expect(cloud.left()).toEqual([]);
  });

  it('goes on to a launch where the group can take no more, and lowers it again by what did not come', async () => {
    const cloud = fullCloud();
    const group = cloud.addGroup('shop-asg', { capacity: 3 });
    cloud.capacity.set('m7i.large in us-east-1b', 1);
    const input = await inputOf(bench, { ...ALL, means: ['auto-scaling', 'launch'] });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    const { held, refused } = await statusOf(handle);
    expect(held.map(({ kind, zone, rung }) => [kind, zone, rung])).toEqual([['group', 'us-east-1a, us-east-1b', 'auto-scaling'], ['instance', 'us-east-1b', 'launch']]);
    expect(refused.join()).toMatch(/do not have sufficient capacity/);
    expect(group.desired).toBe(3);
    expect(cloud.targets).toContain(held[1]?.id);
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(group.desired).toBe(2);
    expect([...cloud.targets]).toHaveLength(1);
    expect(cloud.left()).toEqual([]);
  });

  it('takes spot last, says that it is interruptible, and replaces what EC2 takes away', async () => {
    const cloud = fullCloud();
    cloud.addGroup('shop-asg', { max: 2 });
    const input = await inputOf(bench, ALL);
    bench.need = needing(input.fromMs, 1.4);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    const [first] = (await statusOf(handle)).held;
    expect(first).toMatchObject({ kind: 'instance', rung: 'spot' });
    expect(bench.audit.some(({ reason }) => reason?.includes('EC2 may take it away') ?? false)).toBe(true);
    cloud.kill(first?.id ?? '');
    await sleepUntil(bench, input.fromMs + 12 * MINUTE_MS);
    const { held, refused } = await statusOf(handle);
    expect(held).toMatchObject([{ kind: 'instance', rung: 'spot' }]);
    expect(held[0]?.id).not.toBe(first?.id);
    expect(refused.join()).toMatch(/was taken away/);
    await handle.executeUpdate('release', { args: [{ reason: 'over' }] });
    expect(await handle.result()).toMatchObject({ kind: 'Ended', reason: 'over' });
    expect(cloud.left()).toEqual([]);
  });

  it('does nothing that was not allowed, and reports a refusal of every rung that was', async () => {
    const cloud = fullCloud();
    for (const zone of ZONES) cloud.capacity.set(`spot m7i.large in ${zone}`, 0);
    const group = cloud.addGroup('shop-asg', { capacity: 2 });
    const alone = await inputOf(bench);
    bench.need = needing(alone.fromMs);
    const first = await hold(bench, alone);
    await sleepUntil(bench, alone.fromMs);
    expect(cloud.calls).not.toContain('launch');
    await first.result();

    const input = await inputOf(bench, ALL);
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 29 * MINUTE_MS);
    const { held, phase, refused } = await statusOf(handle);
    expect([held, phase, group.desired]).toEqual([[], 'holding', 2]);
    for (const rung of [/^m7i.large in us-east-1a/, /^shop-asg: /, /^launch of m7i.large/, /^spot of m7i.large/]) expect(refused).toEqual(expect.arrayContaining([expect.stringMatching(rung)]));
    await handle.executeUpdate('release', { args: [] });
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(cloud.left()).toEqual([]);
  });

  it('gives one of the group back when the forecast narrows', async () => {
    const cloud = bench.fresh();
    const group = cloud.addGroup('shop-asg');
    const input = await inputOf(bench, { autoScalingGroup: 'shop-asg' });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 20 * MINUTE_MS);
    expect(group.desired).toBe(4);
    bench.need = needing(input.fromMs, 1.2);
    await sleepUntil(bench, input.fromMs - 10 * MINUTE_MS);
    expect(group.desired).toBe(3);
    expect((await statusOf(handle)).held).toHaveLength(1);
    await handle.result();
    expect(group.desired).toBe(2);
    expect(cloud.left()).toEqual([]);
  });

  it('counts no more of the group than is left where somebody else lowers it, and never lowers it further', async () => {
    const cloud = bench.fresh();
    const group = cloud.addGroup('shop-asg', { max: 4 });
    const input = await inputOf(bench, { autoScalingGroup: 'shop-asg', refreshMs: 40 * MINUTE_MS });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    expect(group.desired).toBe(4);
    bench.need = needing(null);
    group.desired = 3;
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(group.desired).toBe(3);
    expect(cloud.left()).toEqual([]);
  });

  it.each<CloudFault>([
    { call: 'setDesired', kind: 'losesReply', times: 3 },
    { call: 'tag', kind: 'losesReply', times: 2 },
    { call: 'untag', kind: 'losesReply' },
    { call: 'unschedule', kind: 'losesReply', times: 2 },
    { call: 'setDesired', kind: 'fails', times: 2 },
  ])('raises and lowers a group by what is needed and no more where $call $kind', async (fault) => {
    const cloud = bench.fresh();
    const group = cloud.addGroup('shop-asg');
    cloud.fault(fault);
    const input = await inputOf(bench, { autoScalingGroup: 'shop-asg' });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    expect(group.desired).toBe(4);
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(group.desired).toBe(2);
    expect(cloud.left()).toEqual([]);
  });

  it.each<CloudFault>([
    { call: 'launch', kind: 'losesReply', times: 2 },
    { call: 'register', kind: 'losesReply' },
    { call: 'terminate', kind: 'losesReply' },
    { call: 'launch', kind: 'fails', times: 2 },
  ])('launches what is needed and no more, and leaves nothing over, where $call $kind', async (fault) => {
    const cloud = bench.fresh();
    cloud.fault(fault);
    const input = await inputOf(bench, { means: ['launch'] });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    expect(cloud.replicas()).toHaveLength(2);
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(cloud.left()).toEqual([]);
    expect(cloud.replicas()).toEqual([]);
  });

  it('undoes all of it when it is cancelled, and tells an operator by name what could not be undone, the rest undone all the same', async () => {
    const cloud = fullCloud();
    cloud.capacity.set('m7i.large in us-east-1a', 1);
    const group = cloud.addGroup('shop-asg', { max: 3 });
    const input = await inputOf(bench, { ...ALL, means: ['auto-scaling', 'launch'] });
    bench.need = needing(input.fromMs);
    const cancelled = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    expect([group.desired, cloud.replicas().length]).toEqual([3, 1]);
    await cancelled.cancel();
    await expect(cancelled.result()).rejects.toThrow(/cancel/i);
    expect(group.desired).toBe(2);
    expect(cloud.left()).toEqual([]);

    const other = await inputOf(bench, { ...ALL, means: ['auto-scaling', 'launch'] });
    bench.need = needing(other.fromMs);
    const handle = await hold(bench, other);
    await sleepUntil(bench, other.fromMs);
    cloud.fault({ call: 'setDesired', kind: 'isRefused' });
    expect(await handle.result()).toMatchObject({ kind: 'NeedsOperator', left: [expect.stringMatching(/^Auto Scaling group shop-asg could not be lowered by what was added: .*not allowed/)] });
    expect(cloud.replicas()).toEqual([]);
  });

  it('ends all of its instances but the one that cannot be taken out of its group, and names that one and no other', async () => {
    const cloud = bench.fresh();
    const input = await inputOf(bench, { means: ['launch'] });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    expect(cloud.replicas()).toHaveLength(2);
    cloud.fault({ call: 'deregister', kind: 'isRefused' });
    const result = (await handle.result()) as PreAllocateResult;
    const [left] = cloud.replicas();
    expect(cloud.replicas()).toHaveLength(1);
    expect(result).toMatchObject({ kind: 'NeedsOperator', left: [expect.stringMatching(/could not be ended: .*not allowed/), expect.stringContaining(String(left))] });
  });

  it('that was terminated lowers the group and ends what it launched when it is started again, and begins anew', async () => {
    const cloud = fullCloud();
    cloud.capacity.set('m7i.large in us-east-1a', 1);
    const group = cloud.addGroup('shop-asg', { max: 3 });
    const input = await inputOf(bench, { ...ALL, means: ['auto-scaling', 'launch'] });
    bench.need = needing(input.fromMs);
    const first = await hold(bench, input);
    await sleepUntil(bench, input.fromMs);
    const [before] = cloud.replicas();
    await first.terminate();
    expect([group.desired, cloud.replicas().length]).toEqual([3, 1]);
    const second = await hold(bench, input);
    await bench.env.sleep('2m');
    expect([group.desired, cloud.replicas().length]).toEqual([3, 1]);
    expect(cloud.replicas()).not.toContain(before);
    expect(await second.result()).toMatchObject({ kind: 'Ended' });
    expect(group.desired).toBe(2);
    expect(cloud.left()).toEqual([]);
  });

  it('tells an operator where somebody else set the group while an answer was lost: whether ours is among it cannot be told', async () => {
    const cloud = bench.fresh();
    const group = cloud.addGroup('shop-asg', { max: 20 });
    const input = await inputOf(bench, { autoScalingGroup: 'shop-asg' });
    bench.need = needing(input.fromMs);
    const fault = cloud.fault({ call: 'setDesired', kind: 'losesReply' });
    const handle = await hold(bench, input);
    const endWatch = cloud.onCall('describe', () => {
      if (fault.met === 1 && group.desired === 4) group.desired = 9;
    });
    await sleepUntil(bench, input.fromMs - 25 * MINUTE_MS);
    endWatch();
    expect(group.desired).toBe(11);
    expect(await handle.result()).toMatchObject({ kind: 'NeedsOperator', left: [expect.stringMatching(/was set to 9 by somebody else/)] });
    expect(group.desired).toBe(9);
    expect(cloud.left()).toEqual([]);
  });
});

describe('an Auto Scaling group as the target of a hold', () => {
  it('is raised by AWS should no worker be there: a scheduled action is written while the need is far ahead, and taken back when the workflow does it', async () => {
    const cloud = bench.fresh();
    const group = cloud.addGroup('shop-asg');
    const input = await inputOf(bench, { autoScalingGroup: 'shop-asg' });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 60 * MINUTE_MS);
    expect([...group.scheduled.values()]).toEqual([{ atMs: input.fromMs - 28 * MINUTE_MS, desired: 4 }]);
    expect(await statusOf(handle)).toMatchObject({ phase: 'watching', scheduled: { by: 2 } });
    bench.need = needing(input.fromMs, 1.2);
    await sleepUntil(bench, input.fromMs - 50 * MINUTE_MS);
    expect([...group.scheduled.values()]).toMatchObject([{ desired: 3 }]);
    await sleepUntil(bench, input.fromMs - 29 * MINUTE_MS);
    expect([group.scheduled.size, group.desired]).toEqual([0, 3]);
    await handle.result();
    expect(group.desired).toBe(2);
    expect(cloud.left()).toEqual([]);
  });

  it('is lowered by what AWS added where the schedule has run', async () => {
    const cloud = bench.fresh();
    const group = cloud.addGroup('shop-asg');
    const input = await inputOf(bench, { autoScalingGroup: 'shop-asg' });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 60 * MINUTE_MS);
    cloud.runScheduled('shop-asg');
    await sleepUntil(bench, input.fromMs);
    expect((await statusOf(handle)).held).toHaveLength(2);
    expect(group.desired).toBe(4);
    await handle.result();
    expect(group.desired).toBe(2);
    expect(cloud.left()).toEqual([]);
  });

  it('loses its schedule when nothing is needed any more, or the hold is released', async () => {
    const cloud = bench.fresh();
    const group = cloud.addGroup('shop-asg');
    const input = await inputOf(bench, { autoScalingGroup: 'shop-asg' });
    bench.need = needing(input.fromMs);
    const handle = await hold(bench, input);
    await sleepUntil(bench, input.fromMs - 60 * MINUTE_MS);
    bench.need = needing(null);
    await sleepUntil(bench, input.fromMs - 50 * MINUTE_MS);
    expect(cloud.left()).toEqual([]);
    bench.need = needing(input.fromMs);
    await sleepUntil(bench, input.fromMs - 44 * MINUTE_MS);
    expect(group.scheduled.size).toBe(1);
    await handle.executeUpdate('release', { args: [] });
    await handle.result();
    expect(group.desired).toBe(2);
    expect(cloud.left()).toEqual([]);
  });

  it('is planned with what it would become, and refused where there is none of that name', async () => {
    const cloud = bench.fresh();
    cloud.addGroup('shop-asg', { warm: 1, max: 3 });
    const { fromMs, untilMs: _, ...input } = await inputOf(bench, { autoScalingGroup: 'shop-asg', dryRun: true });
    bench.need = needing(fromMs);
    expect(await (await bench.hold(input)).result()).toMatchObject({ kind: 'Planned', usdPerHour: 0.2, places: ['shop-asg from 2 to 4 x m7i.large, of which its maximum allows 1, 1 in its warm pool, 0.2000 USD/h (auto-scaling)'] });
    const other = await inputOf(bench, { autoScalingGroup: 'other' });
    bench.need = needing(other.fromMs);
    expect(await (await hold(bench, other)).result()).toMatchObject({ kind: 'Refused', error: 'NotFound', reasons: [expect.stringMatching(/"other" does not exist/)] });
  });
});

describe('the budget of a hold', () => {
  it.each([
    [{ maximumUsdPerHour: 0.15 }, { autoScalingGroup: 'shop-asg' }, /it would cost 0.2000 USD an hour; the budget allows 0.15/],
    [{ maximumUsdTotal: 0.25 }, { autoScalingGroup: 'shop-asg' }, /it would cost 0.3000 USD in all; the budget allows 0.25/],
    [{ maximumUsdPerHour: 0.15 }, {}, /costs 0.2000 USD an hour; the budget allows 0.1500/],
  ])('ends it before anything is done: %j', async (budget, change, sentence) => {
    const cloud = bench.fresh();
    cloud.addGroup('shop-asg');
    const input = await inputOf(bench, { budget, ...change });
    bench.need = needing(input.fromMs);
    expect(await (await hold(bench, input)).result()).toMatchObject({ kind: 'Refused', error: 'BudgetExceeded', reasons: [expect.stringMatching(sentence)] });
    for (const effect of ['create', 'launch', 'setDesired', 'schedule']) expect(cloud.calls).not.toContain(effect);
  });
});
