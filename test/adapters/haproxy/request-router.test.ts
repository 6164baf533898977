import { connect } from 'node:net';
import { createHaproxyRouter } from '../../../src/adapters/haproxy/request-router';
import type { RoutedService } from '../../../src/domain/routing/routed-service';
import { expectFailure } from '../../activities/fake-ports';
import { eventually } from '../../infra/local/gateway/gateway-fixture';
import { describeWithHaproxy, startHaproxyFixture, type HaproxyFixture } from './haproxy-fixture';

const OWNER = { workflowId: 'routing/shop', runId: 'run-1' };
const inSeconds = (seconds: number): number => Date.now() + seconds * 1000;

describeWithHaproxy('request routing by HAProxy', () => {
  let proxy: HaproxyFixture;
  let router: ReturnType<typeof createHaproxyRouter>;
  let shop: RoutedService;
  beforeAll(async () => {
    proxy = await startHaproxyFixture();
    router = createHaproxyRouter(proxy.run, proxy.traffic);
    shop = {
      service: 'shop',
      balancer: { kind: 'haproxy', name: 'edge', backends: ['web'], mapFile: proxy.mapFile },
      members: ['a', 'b', 'c'].map((memberId) => ({ memberId })),
      classes: [{ name: 'checkout', priority: 'high', backend: 'web_checkout' }, { name: 'browse', priority: 'low', backend: 'web_browse' }],
    };
  });
  afterAll(() => proxy.stop());
  afterEach(() => router.release(OWNER, shop));

  const routing = (untilMs: number, shedRatio = 0) => ({
    classes: [
      { name: 'checkout', weights: { a: 100, b: 0, c: 0 }, shedRatio: 0 },
      { name: 'browse', weights: { a: 0, b: 100, c: 50 }, shedRatio },
    ],
    untilMs,
  });

  it('tells the classes apart by path and header, gives each its members by weight, and reads back what it set', async () => {
    expect(await router.deviations(OWNER, shop, null)).toEqual([]);
    const wanted = routing(inSeconds(60));
    expect(await router.deviations(OWNER, shop, wanted)).toEqual(['HAProxy routes as without Foreshift']);
    await router.steer(OWNER, shop, wanted);
    expect(await router.deviations(OWNER, shop, wanted)).toEqual([]);
    expect(await router.deviations(OWNER, shop, { ...routing(inSeconds(90), 0.2), classes: routing(0, 0.2).classes.map((one) => ({ ...one, weights: { ...one.weights, b: 7 } })) })).toEqual([
      'checkout: b has weight 0, not 7',
      'browse: b has weight 100, not 7',
      'browse: 0 % are turned away, not 20 %',
      expect.stringMatching(/^it ends at .*Z, not at .*Z$/),
    ]);
    expect(await proxy.answers('/checkout/pay', 10)).toEqual({ a: 10 });
    expect(await proxy.answers('/items', 10, { 'X-Priority': 'high' })).toEqual({ a: 10 });
    expect(await proxy.answers('/items', 30)).toEqual({ b: 20, c: 10 });
  });

  it('goes all the way back, and back again where nothing is to go back', async () => {
    await router.steer(OWNER, shop, routing(inSeconds(60), 0.5));
    for (let i = 0; i < 2; i += 1) {
      await router.release(OWNER, shop);
      expect(await router.deviations(OWNER, shop, null)).toEqual([]);
    }
    expect(await proxy.answers('/checkout', 9)).toEqual({ a: 3, b: 3, c: 3 });
    expect((await proxy.traffic.members('web_browse')).map(({ weight }) => weight)).toEqual([100, 100, 100]);
  });

  it('has nothing to take back where the configuration does not have what was to be set', async () => {
    const without = { ...shop, classes: [{ name: 'checkout', priority: 'high' as const, backend: 'nowhere' }] };
    await expectFailure(router.steer(OWNER, without, { classes: [{ name: 'checkout', weights: { a: 1 }, shedRatio: 0 }], untilMs: inSeconds(60) }), 'NotFound', /No such backend/);
    for (const service of [without, { ...shop, balancer: { ...shop.balancer, mapFile: '/no/such.map' } } as RoutedService]) {
      await router.release(OWNER, service);
      expect(await router.deviations(OWNER, service, null)).toEqual([]);
    }
  });

  it('turns away a part of low priority with 503, and nothing of high priority', async () => {
    await router.steer(OWNER, shop, routing(inSeconds(60), 0.5));
    expect(await proxy.answers('/checkout', 50)).toEqual({ a: 50 });
    const { 503: refused = 0 } = await proxy.answers('/items', 400);
    expect(refused).toBeGreaterThan(150);
    expect(refused).toBeLessThan(250);
  });

  it('ends by HAProxy\'s own clock, with nobody there to end it', async () => {
    await router.steer(OWNER, shop, routing(inSeconds(1.5), 0.9));
    expect(await proxy.answers('/checkout', 3)).toEqual({ a: 3 });
    await eventually(async () => Object.keys(await proxy.answers('/checkout', 6)).length === 3, 4_000);
    expect((await proxy.answers('/items', 30))['503']).toBeUndefined();
  });

  it('is gone with a restart of HAProxy, which is seen in what is read back', async () => {
    const wanted = routing(inSeconds(60));
    await router.steer(OWNER, shop, wanted);
    await proxy.restart();
    expect(await router.deviations(OWNER, shop, wanted)).toEqual(['HAProxy routes as without Foreshift']);
    expect(await proxy.answers('/checkout', 9)).toEqual({ a: 3, b: 3, c: 3 });
  });

  it('counts what a member has in flight on all ways to it, down to 0', async () => {
    const before = fetch(`${proxy.url}/slow`, { headers: { Cookie: 'FSRV=a' } });
    await router.steer(OWNER, shop, routing(inSeconds(60)));
    const routed = fetch(`${proxy.url}/slow`, { headers: { 'X-Priority': 'high' } });
    await eventually(async () => (await router.load(shop, 'a')).inFlight === 2);
    proxy.letGo();
    expect(await (await before).text() + await (await routed).text()).toBe('aa');
    expect(await router.load(shop, 'a')).toEqual({ inFlight: 0, waiting: 0 });
  });

  it('keeps a session with its member where the weights say otherwise, and takes it along where the member moves', async () => {
    await router.steer(OWNER, shop, routing(inSeconds(60)));
    expect(await proxy.answers('/items', 3, { Cookie: 'FSRV=a' })).toEqual({ a: 3 });
    const [host = '', port] = (await proxy.newServer('a, moved')).split(':');
    await router.follow(shop, 'a', { host, port: Number(port) });
    expect(await proxy.answers('/items', 3, { Cookie: 'FSRV=a' })).toEqual({ 'a, moved': 3 });
    expect(await proxy.answers('/checkout', 3)).toEqual({ 'a, moved': 3 });
  });

  it('routes connections of the PostgreSQL protocol by their class\'s port, and cuts none', async () => {
    const db: RoutedService = {
      service: 'db',
      balancer: { kind: 'haproxy', name: 'edge', backends: ['pg_write', 'pg_read'], mapFile: proxy.mapFile },
      members: [{ memberId: 'primary' }, { memberId: 'replica', takesWrites: false }],
      classes: [{ name: 'read', priority: 'high', access: 'read', backend: 'pg_read_routed' }, { name: 'report', priority: 'low', access: 'read', backend: 'pg_report_routed' }],
    };
    const { PG_WRITE_PORT, PG_READ_PORT, PG_REPORT_PORT } = proxy.ports;
    await router.steer(OWNER, db, { classes: [{ name: 'read', weights: { primary: 0, replica: 100 }, shedRatio: 0 }, { name: 'report', weights: { primary: 100, replica: 0 }, shedRatio: 0 }], untilMs: inSeconds(60) });
    expect(await talk(PG_READ_PORT, 6)).toEqual(['replica']);
    expect(await talk(PG_REPORT_PORT, 6)).toEqual(['primary']);
    expect(await talk(PG_WRITE_PORT, 6)).toEqual(['primary']);
    await router.release(OWNER, db);
    expect((await talk(PG_READ_PORT, 8)).toSorted()).toEqual(['primary', 'replica']);
  });
});

/** Who answered on so many connections. */
async function talk(port: number, count: number): Promise<string[]> {
  const names = new Set<string>();
  for (let i = 0; i < count; i += 1) {
    names.add(await new Promise<string>((resolve, reject) => {
      let said = '';
      connect(port, '127.0.0.1').on('data', (chunk) => (said += chunk.toString())).once('error', reject).once('close', () => resolve(said));
    }));
  }
  return [...names];
}
