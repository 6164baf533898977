import { createBalancer } from '../../../src/adapters/aws/balancer';
import { createElbRouter } from '../../../src/adapters/aws/elb-router';
import { createElbTraffic } from '../../../src/adapters/aws/elb-traffic';
import { ANY_RUN } from '../../../src/contracts/workflow-ids';
import type { RoutedService } from '../../../src/domain/routing/routed-service';
import type { Routing } from '../../../src/domain/routing/routing-recommendation';
import { expectFailure } from '../../activities/fake-ports';
import { startBalancingFixture, type Backend, type BalancingFixture } from '../../infra/local/gateway/balancing-fixture';
import { eventually } from '../../infra/local/gateway/gateway-fixture';
import { TOOLS_TIMEOUT_MS } from '../../infra/local/gateway/outside-tools';

const OWNER = { workflowId: 'routing/shop', runId: 'run-1' };

describe('request routing by ELBv2 rules and weighted target groups', () => {
  let fixture: BalancingFixture;
  let backends: Backend[];
  let pool: string;
  let listener: { arn: string; url: string };
  let service: RoutedService;
  beforeAll(async () => {
    fixture = await startBalancingFixture();
    backends = [await fixture.startBackend(), await fixture.startBackend(), await fixture.startBackend()];
    pool = await fixture.createGroup('shop', backends);
    listener = await fixture.createListener('shop', { [pool]: 1 });
    await fixture.allIn(pool, 'healthy');
    service = {
      service: 'shop',
      balancer: { kind: 'elbv2', listenerArn: listener.arn, targetGroupArn: pool, port: 8080, firstPriority: 10 },
      members: backends.map(({ id }) => ({ memberId: id })),
      classes: [
        { name: 'checkout', priority: 'high', header: { name: 'X-Priority', values: ['high'] } },
        { name: 'browse', priority: 'low', paths: ['/items*'], access: 'read' },
      ],
    };
  }, TOOLS_TIMEOUT_MS);
  afterAll(() => fixture.stop());

  const routing = (shedRatio: number): Routing => {
    const [a = '', b = '', c = ''] = backends.map(({ id }) => id);
    return {
      classes: [
        { name: 'checkout', weights: { [a]: 20, [b]: 100, [c]: 100 }, shedRatio: 0 },
        { name: 'browse', weights: { [a]: 0, [b]: 100, [c]: 100 }, shedRatio },
      ],
      untilMs: Date.now() + 60_000,
    };
  };
  const answers = async (path: string, count: number, init: RequestInit = {}): Promise<Record<string, number>> => {
    const seen: Record<string, number> = {};
    for (let i = 0; i < count; i += 1) {
      const answer = await fetch(`${listener.url}${path}`, init);
      const body = await answer.text();
      const who = answer.ok ? body : String(answer.status);
      seen[who] = (seen[who] ?? 0) + 1;
    }
    return seen;
  };
  /** Repeats what is not ready yet, as Temporal does. */
  const untilReady = async (work: () => Promise<unknown>): Promise<void> => {
    for (let attempt = 0; attempt < 150; attempt += 1) {
      try {
        await work();
        return await fixture.applied();
      } catch (error) {
        if ((error as { type?: string }).type !== 'NotReadyYet') throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    throw new Error('not ready within 15 s');
  };

  it('routes the classes by rules of its own, turns away a part, changes with the recommendation, and leaves nothing behind', async () => {
    const [a = '', b = '', c = ''] = backends.map(({ id }) => id);
    const balancer = createBalancer(fixture.elb);
    const router = createElbRouter(balancer, fixture.elb);
    expect(await router.deviations(OWNER, service, null)).toEqual([]);
    // Of two classes three groups each, and of three members none is there.
    expect(await router.deviations(OWNER, service, routing(0))).toHaveLength(9);

    await untilReady(() => router.steer(OWNER, service, routing(0.5)));
    expect(await router.deviations(OWNER, service, routing(0.5))).toEqual([]);
    const checkout = await answers('/pay', 110, { headers: { 'X-Priority': 'high' } });
    expect(checkout[a]).toBeGreaterThan(2);
    expect(checkout[a]).toBeLessThan(25);
    const browse = await answers('/items/1', 100);
    expect(browse[a]).toBeUndefined();
    expect(browse['503']).toBeGreaterThan(30);
    expect(browse['503']).toBeLessThan(70);
    // What is of no class goes as before, to all.
    expect(Object.keys(await answers('/items/1', 12, { method: 'POST' })).toSorted()).toEqual([a, b, c].toSorted());

    expect(await router.deviations(OWNER, service, routing(0))).toEqual([expect.stringMatching(/^browse: fs-group-\d-\w+ has weight 450, not 900$/), expect.stringMatching(/^browse: fs-shed-\w+ has weight 450, not 0$/)]);
    await untilReady(() => router.steer(OWNER, service, routing(0)));
    expect((await answers('/items/1', 30))['503']).toBeUndefined();
    const groups = await balancer.findOwnedGroups(OWNER);
    for (const group of groups) await balancer.deregister(group, a, 8080);
    await fixture.applied();
    await eventually(async () => (await router.deviations(OWNER, service, routing(0))).some((one) => one.startsWith(`${a} is not in fs-group-`)));
    await untilReady(() => router.steer(OWNER, service, routing(0)));
    expect(await router.deviations(OWNER, service, routing(0))).toEqual([]);

    // A request that is under way there while it is taken back is answered.
    const slow = fetch(`${listener.url}/items/1?ms=1500`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await router.release(OWNER, service);
    await fixture.applied();
    expect(await router.deviations(OWNER, service, null)).toEqual([]);
    expect(Object.keys(await answers('/items/1', 12)).toSorted()).toEqual([a, b, c].toSorted());
    await untilReady(() => router.clear(OWNER, service));
    expect((await slow).status).toBe(200);
    expect(await balancer.findOwnedGroups(OWNER)).toEqual([]);
    await untilReady(() => router.clear(OWNER, service));
    expect(Object.keys(await answers('/items/1', 12)).toSorted()).toEqual([a, b, c].toSorted());
  }, 60_000);

  it('goes on with what another run of the same routing left, and takes all of it away', async () => {
    const balancer = createBalancer(fixture.elb);
    const router = createElbRouter(balancer, fixture.elb);
    await untilReady(() => router.steer(OWNER, service, routing(0)));
    const next = { ...OWNER, runId: 'run-2' };
    await untilReady(() => router.steer(next, service, routing(0)));
    expect(await router.deviations(next, service, routing(0))).toEqual([]);
    await router.release(next, service);
    await untilReady(() => router.clear(next, service));
    expect(await balancer.findOwnedGroups({ ...OWNER, runId: ANY_RUN })).toEqual([]);
  }, 60_000);

  it('refuses a rule priority that another rule has', async () => {
    const router = createElbRouter(createBalancer(fixture.elb), fixture.elb);
    await untilReady(() => router.steer(OWNER, service, routing(0)));
    const other = { workflowId: 'routing/other', runId: 'run-2' };
    await expectFailure(router.steer(other, service, routing(0)), 'Conflict', /priority 10/);
    for (const owner of [other, OWNER]) {
      await router.release(owner, service);
      await untilReady(() => router.clear(owner, service));
    }
  }, 60_000);

  it('meets the traffic adapter: weights are served and read back, a drained group gets nothing, sessions follow into the group', async () => {
    const traffic = createElbTraffic(createBalancer(fixture.elb), fixture.elb);
    const [one, two] = [await fixture.createGroup('one', backends.slice(0, 1)), await fixture.createGroup('two', backends.slice(1, 2))];
    const { arn: route } = listener;
    await fixture.setWeights(route, { [one]: 1, [two]: 1 });
    await fixture.allIn(one, 'healthy');
    await fixture.allIn(two, 'healthy');
    await traffic.weigh(route, { [one]: 3 });
    expect(await traffic.members(route)).toEqual([
      { memberId: one, weight: 3, state: 'ready', inFlight: null, waiting: null },
      { memberId: two, weight: 1, state: 'ready', inFlight: null, waiting: null },
    ]);
    await traffic.drain(route, one);
    await fixture.applied();
    expect(await answers('/', 10)).toEqual({ [backends[1]?.id ?? '']: 10 });
    await expectFailure(traffic.drain(route, two), 'Conflict', /is all that .* leads to/);
    await traffic.resume(route, one, 1);
    await untilReady(() => traffic.follow(route, one, { host: backends[2]?.id ?? '', port: 8080 }));
    await traffic.drain(route, two);
    await fixture.applied();
    expect(await answers('/', 10)).toEqual({ [backends[2]?.id ?? '']: 10 });
    expect(await traffic.stickiness(route)).toEqual({ kind: 'none', sessions: null });
    await expectFailure(traffic.weigh(route, { nowhere: 1 }), 'NotFound');
    await fixture.setWeights(route, { [pool]: 1 });
  }, 60_000);
});
