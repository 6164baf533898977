import { Worker } from '@temporalio/worker';
import type { WorkflowHandle } from '@temporalio/client';
import { createRoutingActivities } from '../../src/activities/routing-activities';
import type { AuditEntry } from '../../src/contracts/audit';
import { businessFailure, retryableFailure } from '../../src/contracts/errors';
import type { RouteRequestsResult, RoutingActivities, RoutingStatus } from '../../src/contracts/route-requests';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes';
import type { ResourceForecast } from '../../src/domain/forecast';
import type { Routing } from '../../src/domain/routing/routing-recommendation';
import { DEFAULT_ROUTING_POLICY } from '../../src/domain/routing/routing-policy';
import { BUNDLE, failureOf } from './saga-bench';
import { SkippingServer } from './skipping-server';

const TASK_QUEUE = 'routing-bench';
const MINUTE_MS = 60_000;
const NAMES: readonly (keyof RoutingActivities)[] = ['forecastMembers', 'decideRouting', 'steerRequests', 'verifyRouting', 'releaseRequests', 'clearRouting', 'followMember'];

/** A balancer in memory. */
class FakeBalancer {
  served: Routing | null = null;
  /** What was done, in order. */
  readonly did: string[] = [];
  readonly audit: AuditEntry[] = [];
  inFlight = 0;
  /** CPU of the first instance at its peak, forecast one after the other; the last again and again; null: it cannot be forecast. */
  cpuPercent: (number | null)[] = [50];
  /** Fails these: for ever, or once after the act was done. */
  readonly failing = new Map<string, 'refused' | 'reply lost' | 'not ready'>();

  activities(now: () => number): RoutingActivities {
    const act = async (name: string, done: () => void): Promise<void> => {
      const failure = this.failing.get(name);
      if (failure === 'refused') throw businessFailure('Unauthorized', `${name} is not allowed`);
      if (failure === 'not ready') throw retryableFailure('NotReadyYet', `${name} is not ready`);
      this.did.push(name);
      done();
      if (failure === 'reply lost') {
        this.failing.delete(name);
        throw retryableFailure('Unavailable', `the answer of ${name} was lost`);
      }
    };
    return createRoutingActivities({
      policy: DEFAULT_ROUTING_POLICY,
      now,
      forecast: async (owners) => {
        const next = this.cpuPercent.length > 1 ? this.cpuPercent.shift() : this.cpuPercent[0];
        return owners.flatMap(({ instanceId }, i) => (i === 0 && next === null ? [] : [cpuForecast(instanceId, i === 0 ? (next ?? 0) : 20, now())]));
      },
      routerOf: () => ({
        steer: (_owner, _service, routing) => act('steer', () => (this.served = routing)),
        deviations: async (_owner, _service, wanted) => (JSON.stringify(this.served) === JSON.stringify(wanted) ? [] : ['it serves something else']),
        release: () => act('release', () => (this.served = null)),
        clear: () => act('clear', () => undefined),
        load: async () => ({ inFlight: this.inFlight, waiting: 0 }),
        follow: (_service, memberId, { host, port }) => act(`follow ${memberId} to ${host}:${port}`, () => undefined),
      }),
    });
  }
}

function cpuForecast(instanceId: string, peak: number, nowMs: number): ResourceForecast {
  return { subject: { kind: 'instance', instanceId }, metric: 'cpuPercent', unit: 'percent', issuedAtMs: nowMs, stepMs: 300_000, horizonMs: 300_000, levels: [0.5, 0.9], quantiles: [[peak, peak]], mean: [peak], peak: [peak, peak], origin: { model: 'gate', version: '1', digest: 'd' } };
}

type Route = (input: object) => Promise<RouteRequestsResult>;

describe('routing a service\'s requests', () => {
  let server: SkippingServer;
  let balancer: FakeBalancer;
  let service = '';
  let count = 0;
  beforeAll(async () => {
    const recordAudit = async (entry: AuditEntry) => {
      if (!balancer.audit.some(({ key }) => key === entry.key)) balancer.audit.push(entry);
      return { seq: 1, hash: 'h', detailDigest: 'd' };
    };
    // The balancer's and the workers' clock is the server's.
    const answer = (name: keyof RoutingActivities) => async (args: never) => {
      const nowMs = await server.env.currentTimeMs();
      return (balancer.activities(() => nowMs)[name] as (args: never) => Promise<unknown>)(args);
    };
    server = await SkippingServer.start(TASK_QUEUE, { recordAudit, ...Object.fromEntries(NAMES.map((name) => [name, answer(name)])) });
    await server.env.connection.operatorService.addSearchAttributes({ namespace: server.env.namespace ?? 'default', searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map(({ name }) => [name, 2])) });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    balancer = new FakeBalancer();
    service = `shop-${(count += 1)}`;
  });

  const inputOf = (more: object = {}) => ({
    service,
    balancer: { kind: 'haproxy', name: 'edge', backends: ['web'], mapFile: '/etc/haproxy/foreshift.map' },
    members: [{ memberId: 'a' }, { memberId: 'b' }, { memberId: 'c' }],
    classes: [{ name: 'checkout', priority: 'high', backend: 'web_checkout' }, { name: 'browse', priority: 'low', backend: 'web_browse' }],
    ...more,
  });
  const outlook = async (loadOfA: number, more: object = {}) => ({
    atMs: await server.env.currentTimeMs(),
    horizonMs: 30 * MINUTE_MS,
    members: [loadOfA, 30, 30].map((value, i) => ({ memberId: 'abc'[i], capacity: 100, load: [{ level: 0.9, value }], ...(i === 0 ? more : {}) })),
    classShares: { checkout: 0.3, browse: 0.7 },
  });
  const recommend = async (loadOfA = 90, more: object = {}, input: object = {}): Promise<WorkflowHandle<Route>> =>
    (server.env.client.workflow.signalWithStart('routeRequests', {
      taskQueue: TASK_QUEUE,
      workflowId: `routing/${service}`,
      args: [inputOf(input)],
      signal: 'recommend',
      signalArgs: [{ outlook: await outlook(loadOfA, more), by: 'ada' }],
    }));
  const until = async (handle: WorkflowHandle<Route>, wanted: (status: RoutingStatus) => boolean): Promise<RoutingStatus> => {
    for (let look = 0; look < 200; look += 1) {
      const status = await handle.query<RoutingStatus>('status');
      if (wanted(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('not within five seconds');
  };

  it('sets what it decides, ends it by itself, and leaves everything as it was', async () => {
    const handle = await recommend();
    const { recommendation } = await until(handle, ({ phase }) => phase === 'routed');
    expect(recommendation).toMatchObject({ hot: ['a'], why: [expect.stringMatching(/^a comes to 90 %/)] });
    expect(balancer.served?.classes[1]?.weights).toEqual({ a: 0, b: 100, c: 100 });
    const fromMs = await server.env.currentTimeMs();
    expect(await handle.result()).toEqual({ outcome: 'Expired', reasons: recommendation?.why, left: [] });
    expect((await server.env.currentTimeMs()) - fromMs).toBeGreaterThanOrEqual(5 * MINUTE_MS - 2_000);
    expect([balancer.served, balancer.did]).toEqual([null, ['steer', 'release', 'clear']]);
    expect(balancer.audit.map(({ kind, actor }) => [kind, actor])).toEqual([['decision', 'ada'], ['outcome', 'foreshift:routing']]);
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
  });

  it('goes on for as long as it is renewed, and ends where nothing is about to be overloaded any more', async () => {
    const handle = await recommend();
    const first = await until(handle, ({ phase }) => phase === 'routed');
    await server.env.sleep('4m');
    await recommend(91);
    const renewed = await until(handle, ({ recommendation }) => (recommendation?.untilMs ?? 0) > (first.recommendation?.untilMs ?? 0));
    expect((renewed.recommendation?.untilMs ?? 0) - (first.recommendation?.untilMs ?? 0)).toBeGreaterThanOrEqual(4 * MINUTE_MS - 2_000);
    await server.env.sleep('4m');
    expect(balancer.served).not.toBeNull();
    await recommend(20);
    expect(await handle.result()).toEqual({ outcome: 'Released', reasons: ['no member comes above 85 % of its capacity'], left: [] });
    expect(balancer.served).toBeNull();
  });

  it('does nothing where nothing is about to be overloaded', async () => {
    expect(await (await recommend(50)).result()).toMatchObject({ outcome: 'Released' });
    expect(balancer.did).toEqual([]);
  });

  it('sets again what the balancer no longer serves', async () => {
    const handle = await recommend();
    await until(handle, ({ phase }) => phase === 'routed');
    balancer.served = null;
    await server.env.sleep('40s');
    const { deviations } = await until(handle, (status) => status.deviations.times === 1);
    expect(deviations.last).toEqual(['it serves something else']);
    await until(handle, () => balancer.served !== null);
    await handle.signal('withdraw', { reason: 'enough', by: 'ada' });
    expect(await handle.result()).toEqual({ outcome: 'Withdrawn', reasons: ['enough'], left: [] });
    expect(balancer.audit.map(({ kind }) => kind)).toEqual(['decision', 'readback', 'outcome']);
  });

  it.each(['steer', 'release', 'clear'])('takes back all of it where the answer of %s is lost', async (name) => {
    balancer.failing.set(name, 'reply lost');
    expect(await (await recommend()).result()).toMatchObject({ outcome: 'Expired', left: [] });
    expect(balancer.served).toBeNull();
  });

  it('takes back what may have been set where setting fails, and says why', async () => {
    balancer.failing.set('steer', 'refused');
    expect(await (await recommend()).result()).toEqual({ outcome: 'RolledBack', reasons: ['steer is not allowed'], left: [] });
    expect(balancer.did).toEqual(['release', 'clear']);
  });

  it('ends where the balancer is not ready before the recommendation is over', async () => {
    balancer.failing.set('steer', 'not ready');
    expect(await (await recommend()).result()).toMatchObject({ outcome: 'Expired', left: [] });
    expect(balancer.did).toEqual(['release', 'clear']);
  });

  it('asks for an operator where it cannot be taken back, and takes away nothing that may still be led to', async () => {
    balancer.failing.set('release', 'refused');
    const result = await (await recommend()).result();
    expect(result).toMatchObject({ outcome: 'NeedsOperator', left: ['requests go as without Foreshift: release is not allowed', expect.stringMatching(/^remove what was made for the routing: not tried/)] });
    expect(balancer.did).toEqual(['steer']);
  });

  it.each(['withdrawn', 'cancelled'])('is taken back where it is %s while the balancer is not ready', async (how) => {
    balancer.failing.set('steer', 'not ready');
    const handle = await recommend();
    await until(handle, () => balancer.audit.length > 0);
    await (how === 'withdrawn' ? handle.signal('withdraw', undefined) : handle.cancel());
    expect(await handle.result()).toEqual({ outcome: how === 'withdrawn' ? 'Withdrawn' : 'RolledBack', reasons: [how === 'withdrawn' ? 'withdrawn' : 'cancelled from outside'], left: [] });
    expect(balancer.did).toEqual(['release', 'clear']);
  });

  it('watches: forecasts by itself, routes while an overload is coming, takes it back after that, and goes on', async () => {
    const watched = inputOf({ members: ['a', 'b', 'c'].map((memberId, i) => ({ memberId, instanceId: `i-0000000${i}` })), watch: { classShares: { checkout: 0.3, browse: 0.7 } } });
    balancer.cpuPercent = [50, 90, 90, 20];
    const handle = await server.env.client.workflow.start('routeRequests', { taskQueue: TASK_QUEUE, workflowId: `routing/${service}`, args: [watched] });
    await server.env.sleep('1m');
    expect(balancer.did).toEqual([]);
    await server.env.sleep('2m');
    expect(balancer.served?.classes[1]?.weights).toEqual({ a: 0, b: 100, c: 100 });
    // What routing took from it does not make it calm: the forecast that it began with holds to its end.
    await server.env.sleep('20m');
    expect(balancer.served).not.toBeNull();
    await server.env.sleep('15m');
    expect([balancer.served, balancer.did.slice(-2)]).toEqual([null, ['release', 'clear']]);
    expect(await handle.query<RoutingStatus>('status')).toMatchObject({ phase: 'waiting', recommendation: null });
    balancer.cpuPercent = [95, null];
    await server.env.sleep('3m');
    expect(balancer.served).not.toBeNull();
    // Without forecasts it ends by itself, and says why.
    await server.env.sleep('6m');
    expect(balancer.served).toBeNull();
    expect((await handle.query<RoutingStatus>('status')).refused.at(-1)).toBe('watch: the CPU of i-00000000 cannot be forecast: too little of it is known');
    await handle.signal('withdraw', { reason: 'enough' });
    expect(await handle.result()).toEqual({ outcome: 'Withdrawn', reasons: ['enough'], left: [] });
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
  });

  it('tells when a member that is about to go has nothing in flight any more', async () => {
    balancer.inFlight = 3;
    const handle = await recommend(20, { leaving: true }, { verifyEveryMs: 5_000 });
    await until(handle, ({ phase }) => phase === 'routed');
    await server.env.sleep('6s');
    await until(handle, ({ leaving }) => leaving[0]?.inFlight === 3);
    balancer.inFlight = 0;
    await server.env.sleep('6s');
    expect((await until(handle, ({ leaving }) => leaving[0]?.inFlight === 0)).leaving).toEqual([{ memberId: 'a', inFlight: 0 }]);
    await handle.signal('withdraw', undefined);
    await handle.result();
  });

  it('lets sessions follow a member that moved, and tells where it cannot', async () => {
    const handle = await recommend();
    await handle.signal('follow', { memberId: 'a', host: '10.0.0.7', port: 8080 });
    balancer.failing.set('follow b to 10.0.0.8:8080', 'refused');
    await handle.signal('follow', { memberId: 'b', host: '10.0.0.8', port: 8080 });
    await handle.signal('follow', { memberId: 'z', host: '10.0.0.8', port: 8080 });
    const { refused } = await until(handle, (status) => status.refused.length === 2);
    expect(refused.toSorted()).toEqual(['follow: follow b to 10.0.0.8:8080 is not allowed', 'memberId is "z"; expected one of a, b, c']);
    expect(await handle.result()).toMatchObject({ outcome: 'Expired' });
    expect(balancer.did).toContain('follow a to 10.0.0.7:8080');
  });

  it('tells what of a signal could not be meant, and goes on', async () => {
    const handle = await recommend();
    await handle.signal('recommend', { outlook: { ...(await outlook(130)), classShares: { checkout: 0.3 } } });
    const { refused } = await until(handle, (status) => status.refused.length > 0);
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
    const handle = await server.env.client.workflow.start('routeRequests', { taskQueue: TASK_QUEUE, workflowId: `routing/${service}`, args: [inputOf(more)] });
    expect((await failureOf(handle.result())).message).toMatch(sentence);
  });

  it('is refused under another id than its own', async () => {
    const handle = await server.env.client.workflow.start('routeRequests', { taskQueue: TASK_QUEUE, workflowId: `other/${service}`, args: [inputOf()] });
    expect((await failureOf(handle.result())).message).toMatch(/the routing of shop-\d+ has the workflow id routing\/shop-\d+ and no other/);
  });
});
