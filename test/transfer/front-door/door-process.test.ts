import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Upstream } from '../../../src/transfer/front-door/door';
import { DoorClient } from '../../../src/transfer/front-door/door-client';
import { openDoorProcess, type DoorProcessOptions } from '../../../src/transfer/front-door/door-process';

type Opened = Awaited<ReturnType<typeof openDoorProcess>>;

describe('a door that is a process of its own', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let folder: string;
  let socket: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'door-'));
    socket = join(folder, 'door.sock');
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    rmSync(folder, { recursive: true });
  });

  async function service(name: string): Promise<Upstream> {
    const server = createServer((incoming, response) => void setTimeout(() => response.end(name), incoming.url === '/slow' ? 300 : 0));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  }

  async function open(to: Upstream, more: Partial<DoorProcessOptions> = {}): Promise<Opened> {
    const door = await openDoorProcess({ listen: { host: '127.0.0.1', port: 0 }, service: to, socket, instanceId: 'i-1', ...more });
    closing.push(() => door.close());
    return door;
  }

  function commander(): DoorClient {
    const client = new DoorClient(socket);
    closing.push(() => client.close());
    return client;
  }

  const get = async (port: number, path = '/'): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
    return `${answer.status} ${(await answer.text()).trim()}`;
  };

  it('holds and passes on as its commander says', async () => {
    const [one, two] = [await service('one'), await service('two')];
    const { port } = await open(one);
    const door = commander();
    expect(await get(port)).toBe('200 one');
    const slow = get(port, '/slow');
    await sleep(50);
    const held = door.hold(2_000);
    await sleep(50);
    const late = get(port);
    await held;
    expect(door.state).toMatchObject({ port, upstream: one, isHolding: true, inFlight: 0 });
    await door.passTo(two);
    expect([await slow, await late]).toEqual(['200 one', '200 two']);
    expect(door.state).toMatchObject({ upstream: two, isHolding: false });
  });

  it('tells its commander why it does not hold', async () => {
    const { port } = await open(await service('one'));
    const door = commander();
    const slow = get(port, '/slow');
    await sleep(50);
    await expect(door.hold(50)).rejects.toThrow('1 requests did not end within 50 ms');
    expect(await slow).toBe('200 one');
    expect(await get(port)).toBe('200 one');
    await expect(door.hold(-1)).rejects.toThrow('limitMs');
    await expect(door.passTo({ host: '', port: 1 })).rejects.toThrow('host');
  });

  it('goes on holding where its commander is gone, and then tells those who wait to come again', async () => {
    const { port } = await open(await service('one'), { heldLimits: { mostHeld: 10, holdAtMostMs: 250 } });
    const slow = get(port, '/slow');
    await sleep(50);
    const lost = connect(socket, () => lost.write('POST /hold HTTP/1.1\r\nhost: door\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{"limitMs":2000}'));
    await sleep(50);
    lost.destroy();
    expect(await slow).toBe('200 one');
    expect(await get(port)).toBe('503 the service is being moved and was not back within 250 ms');
    await commander().passTo(await service('two'));
    expect(await get(port)).toBe('200 two');
  });

  it('remembers where it passes to, and that it holds, when it is started again; its commander waits for it', async () => {
    const [one, two] = [await service('one'), await service('two')];
    const door = commander();
    const first = await open(one);
    await door.passTo(two);
    await first.close();
    const second = await open(one);
    expect(await get(second.port)).toBe('200 two');
    await door.hold(100);
    await second.close();
    await expect(door.hold(100)).rejects.toThrow('does not answer');
    const told = door.passTo(one);
    await sleep(100);
    const waiting = open(two).then(async ({ port }) => get(port));
    await told;
    expect(await waiting).toBe('200 one');
    await door.hold(100);
    const third = closing.at(-1);
    await third?.();
    const { port } = await open(two);
    const held = get(port);
    await sleep(100);
    expect(await Promise.race([held, Promise.resolve('it waits')])).toBe('it waits');
    await door.passTo(two);
    expect(await held).toBe('200 two');
  });

  it('is commanded by its own user alone, and is the only one at its socket', async () => {
    const one = await service('one');
    await open(one);
    expect((statSync(socket).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(`${socket}.json`, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777).toBe(0o600);
    await expect(open(one)).rejects.toThrow('another door is commanded at');
    writeFileSync(join(folder, 'file'), '');
    await expect(open(one, { socket: join(folder, 'file') })).rejects.toThrow('is no socket');
    await expect(open(one, { socket: join(folder, 'x'.repeat(120)) })).rejects.toThrow('more than 107 bytes');
  });

  it('does not believe what came with an image of another machine', async () => {
    const [one, two] = [await service('one'), await service('two')];
    const door = await open(one);
    await commander().passTo(two);
    expect(await get(door.port)).toBe('200 two');
    await door.close();
    expect(await get((await open(one, { instanceId: 'i-2' })).port)).toBe('200 one');
  });
});
