import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransferAgent, type TransferAgent } from '../../src/adapters/agent/transfer-agent';
import { Agent, type AgentOptions } from '../../src/transfer/agent/agent';
import type { TransferStatus } from '../../src/transfer/agent/transfer-status';
import { connect } from '../../src/transfer/session/connect';
import { issueAuthority, issueCertificate } from '../../src/transfer/session/issue-certificate';
import type { TlsIdentity } from '../../src/transfer/session/tls-identity';
import { picture } from './two-sides';

interface Side {
  readonly agent: Agent;
  readonly control: TransferAgent;
  readonly root: string;
  readonly port: number;
  readonly controlPort: number;
}

const authority = issueAuthority('test', Date.now(), 1);

function identity(name: string, peerName: string, issuer = authority): TlsIdentity {
  return { ca: issuer.cert, ...issueCertificate(name, { name: 'test', key: issuer.key }, Date.now(), 1), peerName };
}

describe('two agents', () => {
  let folder: string;
  let sides: Side[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foreshift-agent-'));
    sides = [];
  });
  afterEach(async () => {
    for (const { agent } of sides) agent.stop();
    await sleep(50);
    rmSync(folder, { recursive: true, force: true });
  });

  async function side(name: string, peerName: string, more: Partial<AgentOptions> = {}): Promise<Side> {
    const root = join(folder, name);
    mkdirSync(root);
    const anywhere = { host: '127.0.0.1', port: 0 };
    const agent = new Agent({ root, stateFolder: join(folder, `${name}-state`), instanceId: name, identity: identity(name, peerName), listen: anywhere, control: anywhere, ...more });
    const { port, controlPort, token } = await agent.start();
    const made = { agent, root, port, controlPort, control: createTransferAgent({ url: `http://127.0.0.1:${controlPort}`, token }) };
    sides.push(made);
    return made;
  }

  async function reached(control: TransferAgent, phase: TransferStatus['phase']): Promise<TransferStatus> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const status = await control.status();
      if (status.phase === phase) return status;
      if (['failed', 'stopped', 'unsure', 'released'].includes(status.phase)) throw new Error(`${status.phase}: ${status.why}`);
      await sleep(25);
    }
    throw new Error(`not ${phase} yet: ${JSON.stringify(await control.status())}`);
  }

  it('move a service behind their doors there and back while clients go on: no request fails, nothing that was acknowledged is lost', async () => {
    const serving: Server[] = [];
    const service = async (root: () => string): Promise<{ host: string; port: number }> => {
      const server = createServer((incoming, answer) => {
        appendFileSync(join(root(), 'log'), `${incoming.url}\n`);
        answer.end('written');
      });
      serving.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    };
    const anywhere = { host: '127.0.0.1', port: 0 };
    const source = await side('source', 'shadow', { door: { listen: anywhere, service: await service(() => join(folder, 'source')) } });
    const shadow = await side('shadow', 'source', { door: { listen: anywhere, service: await service(() => join(folder, 'shadow')) } });
    const doorOf = async ({ control }: Side) => ({ host: '127.0.0.1', port: (await control.status()).door?.port ?? 0 });
    await expect(source.control.replicate({ host: '127.0.0.1', port: shadow.port })).rejects.toThrow('service is missing');

    const { port: door } = await doorOf(source);
    const [acknowledged, failures] = [[] as string[], [] as string[]];
    let stop = false;
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (let i = 0; !stop; i += 1) {
        const path = `/${client}-${i}`;
        const answer = await fetch(`http://127.0.0.1:${door}${path}`);
        if (answer.ok && (await answer.text()) === 'written') acknowledged.push(path);
        else failures.push(`${path}: ${answer.status}`);
        await sleep(5);
      }
    });
    for (const [from, to] of [[source, shadow], [shadow, source]] as const) {
      await from.control.replicate({ host: '127.0.0.1', port: to.port, service: await doorOf(to), everyMs: 100, maxPauseMs: 5_000, auto: true });
      expect((await reached(from.control, 'released')).door?.isHolding).toBe(false);
      await sleep(200);
    }
    stop = true;
    await Promise.all(clients);
    for (const server of serving) server.closeAllConnections();
    for (const server of serving) server.close();
    expect(failures).toEqual([]);
    const written = new Set(readFileSync(join(source.root, 'log'), 'utf8').trim().split('\n'));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((path) => !written.has(path))).toEqual([]);
    // What was written between the two moves came to the shadow first.
    const there = new Set(readFileSync(join(shadow.root, 'log'), 'utf8').trim().split('\n'));
    expect(there.size).toBeGreaterThan(50);
    expect(written.size).toBeGreaterThan(there.size);
  }, 60_000);

  it('replicate a live state, hand it over within a pause, and back again with what was written since', async () => {
    const marked = (name: string): { kind: 'command'; command: string } => ({ kind: 'command', command: `echo ${name} >> ${folder}/calls` });
    const source = await side('source', 'shadow', { quiesce: marked('quiesce'), resume: marked('resume'), takeOver: marked('source-takes-over') });
    const shadow = await side('shadow', 'source', { takeOver: { kind: 'command', command: `cat ${folder}/shadow/log >> ${folder}/calls` } });
    writeFileSync(join(source.root, 'log'), 'first\n');
    await source.control.replicate({ host: '127.0.0.1', port: shadow.port, everyMs: 100, maxPauseMs: 5_000 });
    await reached(source.control, 'ready');
    appendFileSync(join(source.root, 'log'), 'second\n');
    await source.control.cutOver();
    const released = await reached(source.control, 'released');
    expect(released).toMatchObject({ role: 'standby', pauseMs: expect.any(Number), pausePredictedMs: expect.any(Number), lagBytes: 0 });
    expect(await shadow.control.status()).toMatchObject({ role: 'live', root: released.root });
    expect(picture(shadow.root)).toEqual(picture(source.root));
    await expect(source.control.replicate({ host: '127.0.0.1', port: shadow.port })).rejects.toThrow('has handed its state over');

    appendFileSync(join(shadow.root, 'log'), 'third\n');
    await shadow.control.replicate({ host: '127.0.0.1', port: source.port, everyMs: 100, maxPauseMs: 5_000, auto: true });
    await reached(shadow.control, 'released');
    expect(picture(source.root)).toEqual(picture(shadow.root));
    expect(await source.control.status()).toMatchObject({ role: 'live' });
    expect(readCalls()).toEqual(['quiesce', 'first', 'second', 'source-takes-over']);
  });

  it('tell their lag and their pauses to Prometheus, to those who have the token', async () => {
    const source = await side('source', 'shadow');
    const shadow = await side('shadow', 'source');
    await source.control.replicate({ host: '127.0.0.1', port: shadow.port, everyMs: 100, maxPauseMs: 5_000 });
    await reached(source.control, 'ready');
    const token = readFileSync(join(folder, 'source-state', 'control-token'), 'utf8');
    const scrape = (authorization: string): Promise<Response> => fetch(`http://127.0.0.1:${source.controlPort}/metrics`, { headers: { authorization } });
    const text = await (await scrape(`Bearer ${token}`)).text();
    expect(text).toMatch(/^foreshift_transfer_phase\{phase="ready"\} 1$/m);
    expect(text).toMatch(/^foreshift_transfer_lag_bytes \d+$/m);
    expect(text).toMatch(/^foreshift_transfer_predicted_pause_seconds 0\.\d+$/m);
    expect(text).not.toContain('foreshift_transfer_pause_seconds ');
    expect((await scrape('Bearer guess')).status).toBe(401);
  });

  it('stop with a reason before any pause where more changes than the link can carry', async () => {
    const source = await side('source', 'shadow', { quiesce: { kind: 'command', command: `touch ${folder}/paused` } });
    const shadow = await side('shadow', 'source');
    const write = (): void => writeFileSync(join(source.root, 'hot'), randomBytes(300_000));
    write();
    const writer = setInterval(write, 30);
    try {
      await source.control.replicate({ host: '127.0.0.1', port: shadow.port, auto: true, maxPauseMs: 150, bytesPerSecond: 400_000 });
      const { why } = await reached(source.control, 'stopped');
      expect(why).toMatch(/can be sent/);
      expect(existsSync(join(folder, 'paused'))).toBe(false);
    } finally {
      clearInterval(writer);
    }
  });

  it('let the service go on where it cannot be stopped, or the other side does not start it', async () => {
    const source = await side('source', 'shadow', { quiesce: { kind: 'command', command: 'exit 3' }, resume: { kind: 'command', command: `echo resumed >> ${folder}/calls` } });
    const shadow = await side('shadow', 'source');
    writeFileSync(join(source.root, 'a'), 'x');
    await source.control.replicate({ host: '127.0.0.1', port: shadow.port, auto: true, maxPauseMs: 5_000 });
    expect((await reached(source.control, 'failed')).why).toContain('3 pauses were given up');
    expect(readCalls()).toEqual(['resumed', 'resumed', 'resumed']);
    expect(await shadow.control.status()).toMatchObject({ role: 'undecided' });
  });

  it("let the other side's service warm up after each round, and count what that takes in the prediction of the pause", async () => {
    const source = await side('source', 'shadow');
    const shadow = await side('shadow', 'source', { warm: { kind: 'command', command: `ls ${join(folder, 'shadow')} >> ${folder}/calls; sleep 0.2` } });
    writeFileSync(join(source.root, 'a'), 'x');
    await source.control.replicate({ host: '127.0.0.1', port: shadow.port, everyMs: 100, maxPauseMs: 5_000 });
    await reached(source.control, 'ready');
    expect(readCalls()).toEqual(readCalls().map(() => 'a'));
    await source.control.cutOver();
    const { pausePredictedMs, pauseMs } = await reached(source.control, 'released');
    expect(pausePredictedMs).toBeGreaterThan(200);
    // In the pause it is not called any more: that is what the take-over hook is for.
    expect(pauseMs).toBeLessThan(pausePredictedMs ?? 0);
  });

  it('hand over to a service that cannot warm up, and tell of it', async () => {
    const told: string[] = [];
    const source = await side('source', 'shadow');
    const shadow = await side('shadow', 'source', { warm: { kind: 'command', command: 'exit 7' }, log: (text) => told.push(text) });
    writeFileSync(join(source.root, 'a'), 'x');
    await source.control.replicate({ host: '127.0.0.1', port: shadow.port, auto: true, maxPauseMs: 5_000 });
    await reached(source.control, 'released');
    expect(told.join()).toContain('did not warm up');
  });

  it('believe nobody who is of another authority or has another name, and obey nobody without the token', async () => {
    const shadow = await side('shadow', 'source');
    const address = { host: '127.0.0.1', port: shadow.port };
    const other = issueAuthority('test', Date.now(), 1);
    const hangUp = async (who: TlsIdentity): Promise<string> => {
      const { socket } = await connect(address, who);
      return new Promise((resolve) => socket.on('error', () => resolve('refused')).on('close', () => resolve('refused')).on('data', () => resolve('served')));
    };
    await expect(connect(address, identity('source', 'shadow', other))).rejects.toThrow();
    await expect(connect(address, identity('source', 'another'))).rejects.toThrow();
    expect(await hangUp(identity('intruder', 'shadow'))).toBe('refused');
    expect(await hangUp({ ...identity('source', 'shadow', other), ca: authority.cert })).toBe('refused');
    const stranger = createTransferAgent({ url: `http://127.0.0.1:${shadow.controlPort}`, token: 'guess' });
    await expect(stranger.status()).rejects.toThrow('token');
    await expect(shadow.control.replicate({ host: 'x', port: 0 })).rejects.toThrow('port');
  });

  function readCalls(): string[] {
    return existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];
  }
});
