import type { Provisioned, ProvisionReplicasResult, ProvisionStatus } from '../../../src/contracts/provision-replicas';
import { failureOf } from '../saga-bench';
import { CapacityBench } from './capacity-bench';
import { ZONES, type CloudFault } from './fake-cloud';

let bench: CapacityBench;
beforeAll(async () => {
  bench = await CapacityBench.start();
});
afterAll(() => bench.stop());

const provisioned = (result: ProvisionReplicasResult): Provisioned => {
  expect(result.kind).toBe('Provisioned');
  return result as Provisioned;
};

describe('a request for replicas', () => {
  it('is accepted early with shape, count and time, and answered with what serves, spread over the zones', async () => {
    const cloud = bench.fresh();
    const request = bench.request();
    expect(await bench.ask(request)).toMatchObject({ accepted: true, shape: 'm7i.large', count: 2, usdPerHour: 0.2 });
    const result = provisioned((await bench.client.workflow.getHandle(`replicas/${request.requestId}`).result()) as ProvisionReplicasResult);
    expect(result).toMatchObject({ complete: true, cost: { usdPerHourBefore: 0, usdPerHourAfter: 0.2, usdTotal: expect.closeTo(4.8) } });
    expect(result.replicas.map(({ zone }) => zone).toSorted()).toEqual(ZONES);
    expect(result.replicas.every(({ instanceId }) => cloud.targets.has(instanceId))).toBe(true);
    expect(cloud.left()).toEqual([]);
  });

  it('is one request under one id: who asks again joins it, and another request under the id is refused with what differs', async () => {
    const cloud = bench.fresh();
    const request = bench.request();
    const [first, second] = await Promise.all([bench.ask(request), bench.ask(request)]);
    expect(first).toEqual(second);
    expect((await failureOf(bench.ask({ ...request, count: 3 }))).message).toMatch(/stands for another request: count/);
    await bench.client.workflow.getHandle(`replicas/${request.requestId}`).result();
    const again = provisioned(await bench.run(request));
    expect(again.notes).toEqual(['this request was carried out before: nothing was created']);
    expect(cloud.replicas()).toHaveLength(2);
    expect(await bench.run({ ...request, count: 3 })).toMatchObject({ kind: 'Refused', error: 'Conflict' });
  });

  it('names the field that is wrong, and fails at once', async () => {
    bench.fresh();
    const failure = await failureOf(bench.run({ ...bench.request(), count: 0, zones: [] }));
    expect(failure.type).toBe('InvalidInput');
    expect(failure.message).toMatch(/count is 0; expected a whole number from 1 to 100; zones is \[\]/);
  });

  it('goes to other zones, then to other shapes, and says what was refused', async () => {
    const cloud = bench.fresh();
    cloud.capacity.set('m7i.large in us-east-1a', 1).set('m7i.large in us-east-1b', 0);
    const result = provisioned(await bench.run(bench.request()));
    expect(result.replicas.map(({ shape, zone }) => `${shape} in ${zone}`).toSorted()).toEqual(['c7i.large in us-east-1b', 'm7i.large in us-east-1a']);
    expect(result.notes.join()).toMatch(/no room: m7i.large in us-east-1b/);
    expect(cloud.violations).toEqual([]);
  });

  it('is refused without anything left over where no rung has room for the minimum', async () => {
    const cloud = bench.fresh();
    for (const shape of ['m7i.large', 'm7i.xlarge', 'c7i.large']) for (const zone of ZONES) cloud.capacity.set(`${shape} in ${zone}`, 0);
    cloud.capacity.set('m7i.large in us-east-1a', 1);
    const result = await bench.run(bench.request());
    expect(result).toMatchObject({ kind: 'Refused', error: 'InsufficientCapacity' });
    expect(cloud.left()).toEqual([]);
    expect(cloud.replicas()).toEqual([]);
  });

  it('keeps what the minimum allows where not all can be had', async () => {
    const cloud = bench.fresh();
    for (const shape of ['m7i.large', 'm7i.xlarge', 'c7i.large']) for (const zone of ZONES) cloud.capacity.set(`${shape} in ${zone}`, 0);
    cloud.capacity.set('m7i.large in us-east-1a', 1);
    expect(provisioned(await bench.run(bench.request({ minimum: 1 })))).toMatchObject({ complete: false, replicas: [{ zone: 'us-east-1a' }] });
    expect(cloud.left()).toEqual([]);
  });

  it('is refused beyond the budget and beyond the quota before anything is created', async () => {
    const cloud = bench.fresh();
    expect(await bench.run(bench.request({ budget: { maximumUsdPerHour: 0.15 } }))).toMatchObject({ kind: 'Refused', error: 'BudgetExceeded', reasons: [expect.stringMatching(/2 x m7i.large, costs 0.2000 USD an hour; the budget allows 0.1500/)] });
    bench.quota = { limitVcpus: 5, usedVcpus: 2 };
    expect(await bench.run(bench.request())).toMatchObject({ kind: 'Refused', error: 'QuotaExceeded' });
    expect(cloud.calls).not.toContain('create');
  });

  it('is refused where EC2 says at the first reservation that the quota is used up, whatever the zone', async () => {
    const cloud = bench.fresh();
    cloud.fault({ call: 'create', kind: 'isOverQuota', times: 100 });
    expect(await bench.run(bench.request())).toMatchObject({ kind: 'Refused', error: 'InsufficientCapacity', reasons: expect.arrayContaining([expect.stringMatching(/VcpuLimitExceeded/)]) });
    expect(cloud.calls.filter((call) => call === 'create').length).toBeLessThanOrEqual(3);
    expect(cloud.left()).toEqual([]);
  });

  it.each<CloudFault>([
    { call: 'create', kind: 'losesReply', times: 2 },
    { call: 'launch', kind: 'losesReply', times: 2 },
    { call: 'register', kind: 'losesReply' },
    { call: 'untag', kind: 'losesReply' },
    { call: 'cancel', kind: 'losesReply' },
    { call: 'launch', kind: 'fails', times: 3 },
  ])('makes no instance twice and leaves nothing over where $call $kind', async (fault) => {
    const cloud = bench.fresh();
    const met = cloud.fault(fault);
    provisioned(await bench.run(bench.request()));
    expect(met.met).toBe(fault.times ?? 1);
    expect(cloud.replicas()).toHaveLength(2);
    expect(cloud.left()).toEqual([]);
  });

  it.each<CloudFault>([
    { call: 'launch', kind: 'isRefused', times: 2 },
    { call: 'register', kind: 'isRefused', times: 2 },
    { call: 'untag', kind: 'isRefused' },
  ])('gives everything back where $call $kind', async (fault) => {
    const cloud = bench.fresh();
    cloud.fault(fault);
    expect(await bench.run(bench.request())).toMatchObject({ kind: 'RolledBack' });
    expect(cloud.replicas()).toEqual([]);
    expect(cloud.left()).toEqual([]);
    expect([...cloud.targets]).toEqual(['i-00000001']);
  });

  it('takes those that serve already out of their groups before it ends them', async () => {
    const cloud = bench.fresh();
    cloud.fault({ call: 'untag', kind: 'isRefused' });
    expect(await bench.run(bench.request())).toMatchObject({ kind: 'RolledBack', phase: 'settle' });
    const calls = cloud.calls.filter((call) => call === 'register' || call === 'deregister' || call === 'terminate');
    expect(calls.slice(0, 5)).toEqual(['register', 'register', 'deregister', 'deregister', 'terminate']);
  });

  it('does not end those that cannot be taken out of their groups: they may serve', async () => {
    const cloud = bench.fresh();
    cloud.fault({ call: 'untag', kind: 'isRefused' });
    cloud.fault({ call: 'deregister', kind: 'isRefused' });
    const result = await bench.run(bench.request());
    expect(result).toMatchObject({ kind: 'NeedsOperator', phase: 'settle' });
    expect(cloud.calls).not.toContain('terminate');
    for (const one of cloud.left()) expect('left' in result ? result.left.join() : '').toContain(one.split(' ')[1]);
  });

  it('tells an operator what is left where even the undo fails', async () => {
    const cloud = bench.fresh();
    cloud.fault({ call: 'launch', kind: 'isRefused', times: 2 });
    cloud.fault({ call: 'cancel', kind: 'isRefused', times: 2 });
    const result = await bench.run(bench.request());
    expect(result).toMatchObject({ kind: 'NeedsOperator', phase: 'launch' });
    expect('left' in result ? result.left.join() : '').toMatch(/release the capacity reservations: .*capacity reservation cr-/);
    expect(cloud.left()).toHaveLength(2);
  });

  it('undoes all of it when it is cancelled', async () => {
    const cloud = bench.fresh();
    cloud.fault({ call: 'passesChecks', kind: 'fails', times: 1_000 });
    const handle = await bench.start(bench.request());
    await bench.env.sleep('30s');
    expect(cloud.replicas()).toHaveLength(2);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(/cancel/i);
    expect(cloud.replicas()).toEqual([]);
    expect(cloud.left()).toEqual([]);
  });
});

describe('a request that was terminated', () => {
  it('is carried out when it is asked again, after what the first run left was given back and named', async () => {
    const cloud = bench.fresh();
    cloud.fault({ call: 'register', kind: 'fails', times: 1_000 });
    const request = bench.request();
    const handle = await bench.start(request);
    await bench.env.sleep('1m');
    await handle.terminate();
    const left = cloud.left();
    expect(left).toHaveLength(4);
    cloud.heal();
    const result = provisioned(await bench.run(request));
    expect(result.replicas).toHaveLength(2);
    expect(cloud.left()).toEqual([]);
    expect(cloud.replicas().toSorted()).toEqual(result.replicas.map(({ instanceId }) => instanceId).toSorted());
    for (const one of left) expect(result.notes[0]).toContain(one.split(' ')[1]);
  });

  it('while its replicas were kept, is looked after again when it is asked again', async () => {
    const cloud = bench.fresh();
    const request = bench.request({ keep: true });
    const first = await bench.start(request);
    await bench.env.sleep('1m');
    await first.terminate();
    cloud.kill(cloud.replicas()[0] ?? '');
    const second = await bench.start(request);
    await bench.env.sleep('3m');
    expect(cloud.replicas()).toHaveLength(2);
    await second.executeUpdate('release', { args: [] });
    expect(await second.result()).toMatchObject({ kind: 'Released', replaced: 1 });
    expect(cloud.replicas()).toEqual([]);
    expect(cloud.left()).toEqual([]);
  });
});

describe('replicas that are kept', () => {
  const status = (requestId: string): Promise<ProvisionStatus> => bench.client.workflow.getHandle(`replicas/${requestId}`).query<ProvisionStatus>('status');

  it('come back elsewhere when their zone goes, and one by one when they end; released, all are gone', async () => {
    const cloud = bench.fresh();
    const request = bench.request({ keep: true });
    const handle = await bench.start(request);
    await bench.env.sleep('1m');
    const first = await handle.executeUpdate<Provisioned, []>('settle');
    expect(first.replicas.map(({ zone }) => zone).toSorted()).toEqual(ZONES);

    cloud.darken('us-east-1a');
    await bench.env.sleep('3m');
    const after = await status(request.requestId);
    expect(after.replicas.map(({ zone }) => zone)).toEqual(['us-east-1b', 'us-east-1b']);
    expect(after.replacements).toMatchObject([{ lost: first.replicas.find(({ zone }) => zone === 'us-east-1a')?.instanceId }]);
    expect(cloud.replicas()).toHaveLength(2);
    expect(cloud.left()).toEqual([]);

    cloud.kill(after.replicas[0]?.instanceId ?? '');
    await bench.env.sleep('3m');
    expect(cloud.replicas()).toHaveLength(2);

    await handle.executeUpdate('release', { args: [{ reason: 'over' }] });
    expect(await handle.result()).toMatchObject({ kind: 'Released', replaced: 2, reason: 'over' });
    expect(cloud.replicas()).toEqual([]);
    expect(cloud.left()).toEqual([]);
  });

  it('are looked after by the next run of the workflow as by the one before: it answers, replaces and releases', async () => {
    const cloud = bench.fresh();
    const request = bench.request({ keep: true });
    const first = await bench.start(request);
    await bench.env.sleep('1m');
    const settled = await first.executeUpdate<Provisioned, []>('settle');
    // The watch ends with a cancellation, and what serves stays.
    await first.cancel();
    await expect(first.result()).rejects.toThrow(/cancel/i);
    expect(cloud.replicas()).toHaveLength(2);

    const option = { shape: 'm7i.large', count: 2, usdPerHour: 0.1, spotUsdPerHour: null, vcpus: 2, memoryMiB: 8192, why: '' };
    const zones = ZONES.map((zone) => ({ zone, subnetId: `subnet-${zone}`, offeredShapes: ['m7i.large'] }));
    const plan = { service: 'shop', digest: 'd', options: [option], zones, targetGroups: settled.targetGroups, maximum: 2, maximumUsdPerHour: 10, durationMs: 1, present: { usdPerHour: 0, instancesByZone: {} }, why: [] };
    const acceptance = { accepted: true as const, requestId: request.requestId, shape: 'm7i.large', count: 2, usdPerHour: 0.2, expectedReadyAtMs: 0, why: '' };
    const next = await bench.start(request, { plan, acceptance, settled, wanted: 2, taskQueue: null, replacements: [], replaced: 3, step: 1_000 });
    expect(await next.executeUpdate('accept', { args: [] })).toEqual(acceptance);
    expect(await next.executeUpdate('settle')).toEqual(settled);
    cloud.kill(settled.replicas[0]?.instanceId ?? '');
    await bench.env.sleep('2m');
    expect(cloud.replicas()).toHaveLength(2);
    await next.executeUpdate('release', { args: [] });
    expect(await next.result()).toMatchObject({ kind: 'Released', replaced: 4 });
    expect(cloud.left()).toEqual([]);
  });

  it('stay as many when one of them moves: its replacement serves a while beside it', async () => {
    const cloud = bench.fresh();
    const request = bench.request({ keep: true });
    const handle = await bench.start(request);
    await bench.env.sleep('1m');
    const [moving] = (await status(request.requestId)).replicas;
    const facts = cloud.instances.get(moving?.instanceId ?? '');
    if (facts === undefined) throw new Error('no replica serves');
    cloud.instances.set('i-0000000f', { ...facts, instanceId: 'i-0000000f', tags: { ...facts.tags } });
    cloud.targets.add('i-0000000f');
    await bench.env.sleep('1m');
    cloud.kill(facts.instanceId);
    await bench.env.sleep('2m');
    const { replicas, replacements } = await status(request.requestId);
    expect(replicas.map(({ instanceId }) => instanceId)).toContain('i-0000000f');
    expect(replicas).toHaveLength(2);
    expect(replacements).toEqual([]);
    expect(cloud.replicas()).toHaveLength(2);
    await handle.executeUpdate('release', { args: [] });
    await handle.result();
    expect(cloud.replicas()).toEqual([]);
  });

  it('are looked for again and again while there is no capacity anywhere', async () => {
    const cloud = bench.fresh();
    const request = bench.request({ keep: true, constraints: { allow: ['m7i.large'] } });
    const handle = await bench.start(request);
    await bench.env.sleep('1m');
    for (const zone of ZONES) cloud.capacity.set(`m7i.large in ${zone}`, 0);
    cloud.kill((await status(request.requestId)).replicas[0]?.instanceId ?? '');
    await bench.env.sleep('2m');
    expect(cloud.replicas()).toHaveLength(1);
    expect(cloud.left()).toEqual([]);
    cloud.capacity.clear();
    await bench.env.sleep('3m');
    expect(cloud.replicas()).toHaveLength(2);
    await handle.executeUpdate('release', { args: [] });
    await handle.result();
  });
});
