import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMap, parseServersState, parseStat, parseTableUse } from '../../../src/adapters/haproxy/parse-answers';
import { refusalOf } from '../../../src/adapters/haproxy/refusal-of';
import { createRuntimeApi } from '../../../src/adapters/haproxy/runtime-api';
import { createHaproxyTraffic } from '../../../src/adapters/haproxy/traffic-adapter';
import { expectFailure } from '../../activities/fake-ports';
import { eventually } from '../../infra/local/gateway/gateway-fixture';
import { describeWithHaproxy, startHaproxyFixture, type HaproxyFixture } from './haproxy-fixture';

/** As HAProxy 2.6.12 answered. */
const SERVERS = '1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n4 web 1 a 127.0.0.2 2 8 30 100 1 1 0 2 0 0 0 0 - 19005 - 0 0 - - 0\n4 web 2 b 127.0.0.1 2 0 100 100 3 1 0 2 0 0 0 0 - 19002 - 0 0 - - 0\n4 web 3 c 127.0.0.1 0 0 100 100 3 1 0 2 0 0 0 0 - 19003 - 0 0 - - 0\n4 web 4 d 127.0.0.1 2 1 0 100 3 1 0 2 0 0 0 0 - 19004 - 0 0 - - 0\n\n';
const STAT = '# pxname,svname,qcur,qmax,scur,smax,slim,stot\nweb,a,2,0,7,0,,0\nweb,b,0,0,0,0,,0\nweb,c,0,0,0,0,,0\n\n';

describe('what HAProxy answers', () => {
  it('is read as members with their weight, state and requests in flight', async () => {
    const traffic = createHaproxyTraffic(async (command) => (command.startsWith('show stat') ? STAT : SERVERS));
    expect(await traffic.members('web')).toEqual([
      { memberId: 'a', weight: 30, state: 'draining', inFlight: 7, waiting: 2 },
      { memberId: 'b', weight: 100, state: 'ready', inFlight: 0, waiting: 0 },
      { memberId: 'c', weight: 100, state: 'down', inFlight: 0, waiting: 0 },
      { memberId: 'd', weight: 0, state: 'maintenance', inFlight: null, waiting: null },
    ]);
  });

  it('is parsed by its heads, and empty where there is nothing', () => {
    expect(parseServersState(SERVERS)[0]).toMatchObject({ srv_name: 'a', srv_addr: '127.0.0.2', srv_port: '19005' });
    expect(parseStat('# pxname,svname\n\n')).toEqual([]);
    expect(parseMap('0x560f871832f0 shop:until 1790000000\n0x560f87183340 shop:shed:browse 0\n\n')).toEqual(new Map([['shop:until', '1790000000'], ['shop:shed:browse', '0']]));
    expect([parseTableUse('# table: web, type: ip, size:10240, used:17\n\n'), parseTableUse('No such table\n\n')]).toEqual([17, null]);
  });

  it.each([
    ['set server nope/a weight 3', 'No such backend.\n\n', 'NotFound'],
    ['set server web/zz weight 3', 'No such server.\n\n', 'NotFound'],
    ['show map /nope.map', 'Unknown map identifier. Please use #<id> or <file>.\n\n', 'NotFound'],
    ['show servers state nope', "Can't find backend.\n\n", 'NotFound'],
    ['set server web/a weight 999', 'Absolute weight can only be between 0 and 256 inclusive.\n\n', 'InvalidInput'],
    ['set server web/a weight 5', 'Backend is using a static LB algorithm and only accepts weights \'0%\' and \'100%\'.\n\n', 'InvalidInput'],
    ['set server web/a weight 5', 'Permission denied\n\n', 'Unauthorized'],
    ['set server web/a weight 5', 'something that no version says\n\n', 'VerificationFailed'],
  ])('refuses "%s" with "%s", which is %s', (command, answer, type) => {
    expect(refusalOf(command, answer)).toMatchObject({ type, nonRetryable: true, message: expect.stringContaining(command) as unknown });
  });

  it('is no refusal where it tells what was changed, or what was asked for', () => {
    expect(refusalOf('set server web/a addr 127.0.0.2 port 1', "IP changed from '127.0.0.1' to '127.0.0.2' by 'stats socket command'\n\n")).toBeNull();
    expect(refusalOf('set server web/a weight 3', '\n')).toBeNull();
    expect(refusalOf('show stat web 4 -1', STAT)).toBeNull();
  });
});

describe('the way to HAProxy', () => {
  it('is "unavailable" where nobody listens, and where somebody says nothing', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'nobody-'));
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(join(directory, 'silent.sock'), resolve));
    try {
      await expectFailure(createRuntimeApi({ path: join(directory, 'missing.sock') })('show backend'), 'Unavailable', /missing.sock, "show backend": .*ENOENT/);
      await expectFailure(createRuntimeApi({ path: join(directory, 'silent.sock') }, 200)('show backend'), 'Unavailable', /no answer within 200 ms/);
    } finally {
      silent.close();
      rmSync(directory, { recursive: true });
    }
  });

  it('lets no second command through, neither as a command nor in a name', async () => {
    const run = createRuntimeApi({ path: '/nowhere' });
    await expect(run('show stat; shutdown sessions')).rejects.toThrow(/is not one command/);
    await expectFailure(createHaproxyTraffic(run).drain('web', 'a\nset server web/b state maint'), 'InvalidInput');
    await expectFailure(createHaproxyTraffic(run).follow('web', 'a', { host: 'elsewhere.example', port: 80 }), 'InvalidInput', /expected an IP address/);
  });
});

describeWithHaproxy('a backend of a real HAProxy', () => {
  let proxy: HaproxyFixture;
  beforeAll(async () => {
    proxy = await startHaproxyFixture();
  });
  afterAll(() => proxy.stop());

  it('serves by the weights that were set, and shows them', async () => {
    await proxy.traffic.weigh('web', { a: 100, b: 50, c: 0 });
    expect((await proxy.traffic.members('web')).map(({ memberId, weight }) => [memberId, weight])).toEqual([['a', 100], ['b', 50], ['c', 0]]);
    expect(await proxy.answers('/', 30)).toEqual({ a: 20, b: 10 });
    await proxy.traffic.weigh('web', { a: 100, b: 100, c: 100 });
  });

  it('drains a server: nothing new, what is in flight ends, and it comes back with its weight', async () => {
    const slow = fetch(`${proxy.url}/slow`, { headers: { Cookie: 'FSRV=b' } });
    await eventually(async () => (await proxy.traffic.members('web'))[1]?.inFlight === 1);
    await proxy.traffic.drain('web', 'b');
    expect(await proxy.answers('/', 10)).toEqual({ a: 5, c: 5 });
    expect((await proxy.traffic.members('web'))[1]).toMatchObject({ state: 'draining', inFlight: 1 });
    proxy.letGo();
    expect(await (await slow).text()).toBe('b');
    expect((await proxy.traffic.members('web'))[1]).toMatchObject({ state: 'draining', inFlight: 0, waiting: 0 });
    await proxy.traffic.resume('web', 'b', 100);
    expect(await proxy.answers('/', 9)).toEqual({ a: 3, b: 3, c: 3 });
  });

  it('tells how sessions stick, and what it does not have', async () => {
    expect(await proxy.traffic.stickiness('web')).toEqual({ kind: 'cookie', sessions: null });
    expect(await proxy.traffic.stickiness('pg_read')).toEqual({ kind: 'none', sessions: null });
    await expectFailure(proxy.traffic.members('nope'), 'NotFound');
    await expectFailure(proxy.traffic.weigh('web', { z: 1 }), 'NotFound', /No such server/);
    await expectFailure(proxy.traffic.weigh('web', { a: 300 }), 'InvalidInput', /between 0 and 256/);
  });
});
