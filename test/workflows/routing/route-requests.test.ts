import { Worker } from '@temporalio/worker';
import type { RoutingStatus } from '../../../src/contracts/route-requests';
import { keepHistory } from '../recorded-histories';
import { BUNDLE, failureOf } from '../saga-bench';
import { RoutingBench, type FakeBalancer } from './routing-bench';

const MINUTE_MS = 60_000;

describe('routing a service\'s requests', () => {
  let bench: RoutingBench;
  let balancer: FakeBalancer;
  beforeAll(async () => {
    bench = await RoutingBench.start();
  });
  afterAll(() => bench.stop());
  beforeEach(() => {
    balancer = bench.fresh();
  });

  it('sets what it decides, ends it by itself, and leaves everything as it was', async () => {
    const handle = await bench.recommend();
    const { recommendation } = await bench.until(handle, ({ phase }) => phase === 'routed');
    expect(recommendation).toMatchObject({ hot: ['a'], why: [expect.stringMatching(/^a comes to 90 %/)] });
    expect(balancer.served?.classes[1]?.weights).toEqual({ a: 0, b: 100, c: 100 });
    const fromMs = await bench.nowMs();
    expect(await handle.result()).toEqual({ outcome: 'Expired', reasons: recommendation?.why, left: [] });
    expect((await bench.nowMs()) - fromMs).toBeGreaterThanOrEqual(5 * MINUTE_MS - 2_000);
    expect([balancer.served, balancer.did]).toEqual([null, ['steer', 'release', 'clear']]);
    expect(balancer.audit.map(({ kind, actor }) => [kind, actor])).toEqual([['decision', 'ada'], ['outcome', 'foreshift:routing']]);
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
  });

  it('goes on for as long as it is renewed, and ends where nothing is about to be overloaded any more', async () => {
    const handle = await bench.recommend();
    const first = await bench.until(handle, ({ phase }) => phase === 'routed');
    await bench.env.sleep('4m');
    await bench.recommend(91);
    const renewed = await bench.until(handle, ({ recommendation }) => (recommendation?.untilMs ?? 0) > (first.recommendation?.untilMs ?? 0));
    expect((renewed.recommendation?.untilMs ?? 0) - (first.recommendation?.untilMs ?? 0)).toBeGreaterThanOrEqual(4 * MINUTE_MS - 2_000);
    await bench.env.sleep('4m');
    expect(balancer.served).not.toBeNull();
    await bench.recommend(20);
    expect(await handle.result()).toEqual({ outcome: 'Released', reasons: ['no member comes above 85 % of its capacity'], left: [] });
    expect(balancer.served).toBeNull();
  });

  it('does nothing where nothing is about to be overloaded', async () => {
    expect(await (await bench.recommend(50)).result()).toMatchObject({ outcome: 'Released' });
    expect(balancer.did).toEqual([]);
  });

  it('sets again what the balancer no longer serves', async () => {
    const handle = await bench.recommend();
    await bench.until(handle, ({ phase }) => phase === 'routed');
    balancer.served = null;
    await bench.env.sleep('40s');
    const { deviations } = await bench.until(handle, (status) => status.deviations.times === 1);
    expect(deviations.last).toEqual(['it serves something else']);
    await bench.until(handle, () => balancer.served !== null);
    await handle.signal('withdraw', { reason: 'enough', by: 'ada' });
    expect(await handle.result()).toEqual({ outcome: 'Withdrawn', reasons: ['enough'], left: [] });
    expect(balancer.audit.map(({ kind }) => kind)).toEqual(['decision', 'readback', 'outcome']);
  });

  it.each(['steer', 'release', 'clear'])('takes back all of it where the answer of %s is lost', async (name) => {
    balancer.failing.set(name, 'reply lost');
    expect(await (await bench.recommend()).result()).toMatchObject({ outcome: 'Expired', left: [] });
    expect(balancer.served).toBeNull();
  });

  it('lets weights settle before it takes away what they led to, where the balancer serves old ones for a while', async () => {
    const members = ['i-00000001', 'i-00000002', 'i-00000003'];
    const outlook = { ...(await bench.outlook(90)), members: members.map((memberId, i) => ({ memberId, capacity: 100, load: [{ level: 0.9, value: i === 0 ? 90 : 30 }] })) };
    const input = bench.inputOf({
      balancer: { kind: 'elbv2', listenerArn: 'arn:aws:listener', targetGroupArn: 'arn:aws:group', port: 8080, firstPriority: 10 },
      members: members.map((memberId) => ({ memberId })),
      classes: [{ name: 'checkout', priority: 'high', paths: ['/checkout*'] }, { name: 'browse', priority: 'low', paths: ['/items*'] }],
    });
    const handle = await bench.start(input);
    await handle.signal('recommend', { outlook });
    expect(await handle.result()).toMatchObject({ outcome: 'Expired' });
    expect(balancer.did).toEqual(['steer', 'release', 'clear']);
    expect((balancer.didAtMs[2] ?? 0) - (balancer.didAtMs[1] ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS);
  });

  it('takes back what may have been set where setting fails, and says why', async () => {
    balancer.failing.set('steer', 'refused');
    expect(await (await bench.recommend()).result()).toEqual({ outcome: 'RolledBack', reasons: ['steer is not allowed'], left: [] });
    expect(balancer.did).toEqual(['release', 'clear']);
  });

  it('ends where the balancer is not ready before the recommendation is over', async () => {
    balancer.failing.set('steer', 'not ready');
    expect(await (await bench.recommend()).result()).toMatchObject({ outcome: 'Expired', left: [] });
    expect(balancer.did).toEqual(['release', 'clear']);
  });

  it('asks for an operator where it cannot be taken back, and takes away nothing that may still be led to', async () => {
    balancer.failing.set('release', 'refused');
    const result = await (await bench.recommend()).result();
    expect(result).toMatchObject({ outcome: 'NeedsOperator', left: ['requests go as without Foreshift: release is not allowed', expect.stringMatching(/^remove what was made for the routing: not tried/), 'target group fs-group-0-1/2'] });
    expect(balancer.did).toEqual(['steer']);
  });

  it('takes back what a run left that was terminated, where it is withdrawn before anything is recommended', async () => {
    const first = await bench.recommend();
    await bench.until(first, ({ phase }) => phase === 'routed');
    await first.terminate('by mistake');
    expect(balancer.served).not.toBeNull();
    const second = await bench.start(bench.inputOf({}));
    await second.signal('withdraw', { reason: 'clear up' });
    expect(await second.result()).toEqual({ outcome: 'Withdrawn', reasons: ['clear up'], left: [] });
    expect([balancer.served, balancer.did]).toEqual([null, ['steer', 'release', 'clear']]);
    await keepHistory('routing/withdrew-what-an-earlier-run-left', second);
  });

  it.each(['withdrawn', 'cancelled'])('is taken back where it is %s while the balancer is not ready', async (how) => {
    balancer.failing.set('steer', 'not ready');
    const handle = await bench.recommend();
    await bench.until(handle, () => balancer.audit.length > 0);
    await (how === 'withdrawn' ? handle.signal('withdraw', undefined) : handle.cancel());
    expect(await handle.result()).toEqual({ outcome: how === 'withdrawn' ? 'Withdrawn' : 'RolledBack', reasons: [how === 'withdrawn' ? 'withdrawn' : 'cancelled from outside'], left: [] });
    expect(balancer.did).toEqual(['release', 'clear']);
  });

  it('watches: forecasts by itself, routes while an overload is coming, takes it back after that, and goes on', async () => {
    const watched = bench.inputOf({ members: ['a', 'b', 'c'].map((memberId, i) => ({ memberId, instanceId: `i-0000000${i}` })), watch: { classShares: { checkout: 0.3, browse: 0.7 } } });
    balancer.cpuPercent = [50, 90, 90, 20];
    const handle = await bench.start(watched);
    await bench.env.sleep('1m');
    expect(balancer.did).toEqual([]);
    await bench.env.sleep('2m');
    expect(balancer.served?.classes[1]?.weights).toEqual({ a: 0, b: 100, c: 100 });
    // What routing took from it does not make it calm: the forecast that it began with holds to its end.
    await bench.env.sleep('20m');
    expect(balancer.served).not.toBeNull();
    await bench.env.sleep('15m');
    expect([balancer.served, balancer.did.slice(-2)]).toEqual([null, ['release', 'clear']]);
    expect(await handle.query<RoutingStatus>('status')).toMatchObject({ phase: 'waiting', recommendation: null });
    balancer.cpuPercent = [95, null];
    await bench.env.sleep('3m');
    expect(balancer.served).not.toBeNull();
    // Without forecasts it ends by itself, and says why.
    await bench.env.sleep('6m');
    expect(balancer.served).toBeNull();
    expect((await handle.query<RoutingStatus>('status')).refused.at(-1)).toBe('watch: the CPU of i-00000000 cannot be forecast: too little of it is known');
    await handle.signal('withdraw', { reason: 'enough' });
    expect(await handle.result()).toEqual({ outcome: 'Withdrawn', reasons: ['enough'], left: [] });
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
  });

  it('hands what is in effect to a next run before the history grows long, and takes it back there', async () => {
    balancer.cpuPercent = [90];
    const watched = bench.inputOf({ members: ['a', 'b', 'c'].map((memberId, i) => ({ memberId, instanceId: `i-0000000${i}` })), watch: { classShares: { checkout: 0.3, browse: 0.7 } }, verifyEveryMs: 10_000 });
    const first = await bench.start(watched);
    const current = bench.env.client.workflow.getHandle(first.workflowId);
    const { runId } = await current.describe();
    await bench.env.sleep('75m');
    expect((await current.describe()).runId).not.toBe(runId);
    expect(balancer.served).not.toBeNull();
    expect(balancer.did.filter((act) => act !== 'steer')).toEqual([]);
    await current.signal('withdraw', { reason: 'enough' });
    expect(await first.result()).toEqual({ outcome: 'Withdrawn', reasons: ['enough'], left: [] });
    expect(balancer.served).toBeNull();
  });

  it('tells when a member that is about to go has nothing in flight any more', async () => {
    balancer.inFlight = 3;
    const handle = await bench.recommend(20, { leaving: true }, { verifyEveryMs: 5_000 });
    await bench.until(handle, ({ phase }) => phase === 'routed');
    await bench.env.sleep('6s');
    await bench.until(handle, ({ leaving }) => leaving[0]?.inFlight === 3);
    balancer.inFlight = 0;
    await bench.env.sleep('6s');
    expect((await bench.until(handle, ({ leaving }) => leaving[0]?.inFlight === 0)).leaving).toEqual([{ memberId: 'a', inFlight: 0 }]);
    await handle.signal('withdraw', undefined);
    await handle.result();
  });

  it('lets sessions follow a member that moved, and tells where it cannot', async () => {
    const handle = await bench.recommend();
    await handle.signal('follow', { memberId: 'a', host: '10.0.0.7', port: 8080 });
    balancer.failing.set('follow b to 10.0.0.8:8080', 'refused');
    await handle.signal('follow', { memberId: 'b', host: '10.0.0.8', port: 8080 });
    await handle.signal('follow', { memberId: 'z', host: '10.0.0.8', port: 8080 });
    const { refused } = await bench.until(handle, (status) => status.refused.length === 2);
    expect(refused.toSorted()).toEqual(['follow: follow b to 10.0.0.8:8080 is not allowed', 'memberId is "z"; expected one of a, b, c']);
    expect(await handle.result()).toMatchObject({ outcome: 'Expired' });
    expect(balancer.did).toContain('follow a to 10.0.0.7:8080');
  });

  it('tells what of a signal could not be meant, and goes on', async () => {
    const handle = await bench.recommend();
    await handle.signal('recommend', { outlook: { ...(await bench.outlook(130)), classShares: { checkout: 0.3 } } });
    const { refused } = await bench.until(handle, (status) => status.refused.length > 0);
    expect(refused).toEqual(['classShares.browse is missing; expected a part from 0 to 1; classShares add up to 0.300; expected 1']);
    expect(await handle.result()).toMatchObject({ outcome: 'Expired' });
  });

  it.each([
    [{ balancer: { kind: 'nginx' } }, /balancer is .*; expected \{"kind": "haproxy", ...\} or \{"kind": "elbv2", ...\}/],
    [{ balancer: { kind: 'haproxy', name: 'edge', backends: ['web'], mapFile: 'x; quit' } }, /balancer is .*mapFile is "x; quit"; expected the absolute path/],
    [{ classes: [{ name: 'a', priority: 'urgent' }] }, /priority is "urgent"; expected one of "high", "normal", "low"/],
    [{ classes: [{ name: 'a', priority: 'high' }] }, /backend of class a is missing/],
    [{ members: [{ memberId: 'a' }, { memberId: 'a' }] }, /members has a twice/],
    [{ verifyEveryMs: 1 }, /verifyEveryMs is 1; expected a whole number from 500/],
    [{ watch: { classShares: { checkout: 0.3, browse: 0.7 } } }, /instanceId of a is missing; expected the EC2 instance that is watched/],
    [{ watch: { classShares: { checkout: 1 }, everyMs: 600_000 } }, /everyMs is 600000; expected a whole number from 1000 to 150000/],
    [{ weight: 1 }, /weight is not a field of routeRequests/],
  ])('refuses %j with a sentence', async (more, sentence) => {
    const handle = await bench.start(bench.inputOf(more));
    expect((await failureOf(handle.result())).message).toMatch(sentence);
  });

  it('is refused under another id than its own', async () => {
    const handle = await bench.start(bench.inputOf(), `other/${bench.service}`);
    expect((await failureOf(handle.result())).message).toMatch(/the routing of shop-\d+ has the workflow id routing\/shop-\d+ and no other/);
  });
});
