import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrontDoor, type FrontDoorOptions } from '../../../src/transfer/front-door/front-door';

describe('the door before a service', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function service(answer: (...args: Parameters<RequestListener>) => void | Promise<void>): Promise<{ host: string; port: number; server: Server }> {
    const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, server };
  }

  async function doorTo(upstream: { host: string; port: number }, more: Partial<FrontDoorOptions> = {}): Promise<FrontDoor> {
    const door = await FrontDoor.open({ listen: { host: '127.0.0.1', port: 0 }, upstream, mostHeld: 100, holdAtMostMs: 5_000, ...more });
    closing.push(() => door.close());
    return door;
  }

  const named = (name: string): RequestListener => (_, response) => response.end(name);
  const get = (door: FrontDoor, path = '/'): Promise<Response> => fetch(`http://127.0.0.1:${door.port}${path}`);

  it('passes method, path, headers, body, status and answer on', async () => {
    const echo = await service(async (incoming, response) => {
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part as Buffer);
      response.writeHead(418, { 'x-kept': String(incoming.headers['x-kept']) });
      response.end(`${incoming.method} ${incoming.url} ${Buffer.concat(parts).toString()}`);
    });
    const door = await doorTo(echo);
    const answer = await fetch(`http://127.0.0.1:${door.port}/a?b=c`, { method: 'PUT', headers: { 'x-kept': 'yes' }, body: 'x'.repeat(200_000) });
    expect(answer.status).toBe(418);
    expect(answer.headers.get('x-kept')).toBe('yes');
    expect(await answer.text()).toBe(`PUT /a?b=c ${'x'.repeat(200_000)}`);
  });

  it('tells how long holding would take: until what is under way has ended, whatever comes meanwhile, and no longer than it is given', async () => {
    const ends: (() => void)[] = [];
    const door = await doorTo(await service((_, response) => void ends.push(() => response.end('ended'))));
    const underWay = async (count: number): Promise<void> => {
      while (ends.length < count) await sleep(5);
    };
    await door.settle(60_000);
    const first = get(door);
    await underWay(1);
    await door.settle(20);
    const settled = door.settle(60_000);
    const later = get(door);
    await underWay(2);
    ends[0]?.();
    await settled;
    expect(door.state).toMatchObject({ isHolding: false, inFlight: 1 });
    ends[1]?.();
    for (const answer of [await first, await later]) expect(await answer.text()).toBe('ended');
  });

  it('keeps what comes waiting until what is under way has ended, and then passes it to the new place', async () => {
    const order: string[] = [];
    const old = await service(async (incoming, response) => {
      await sleep(incoming.url === '/slow' ? 150 : 0);
      order.push(`old ${incoming.url}`);
      response.end('old');
    });
    const other = await service((incoming, response) => {
      order.push(`new ${incoming.url}`);
      response.end('new');
    });
    const door = await doorTo(old);
    const slow = get(door, '/slow');
    await sleep(40);
    const held = door.hold(2_000);
    const late = [get(door, '/1'), get(door, '/2')];
    await held;
    expect(door.state).toMatchObject({ isHolding: true, inFlight: 0 });
    expect(order).toEqual(['old /slow']);
    await door.passTo(other);
    expect(await (await slow).text()).toBe('old');
    expect(await Promise.all(late.map(async (one) => (await one).text()))).toEqual(['new', 'new']);
    expect(order.slice(1).toSorted()).toEqual(['new /1', 'new /2']);
  });

  it('loses no request of many clients while the place changes back and forth', async () => {
    const [one, two] = [await service(named('one')), await service(named('two'))];
    const door = await doorTo(one);
    let stop = false;
    const seen = new Map<string, number>();
    const clients = Array.from({ length: 20 }, async () => {
      while (!stop) {
        const answer = await get(door);
        const text = `${answer.status} ${await answer.text()}`;
        seen.set(text, (seen.get(text) ?? 0) + 1);
      }
    });
    for (let i = 0; i < 10; i += 1) {
      await sleep(30);
      await door.hold(1_000);
      await door.passTo(i % 2 === 0 ? two : one);
    }
    stop = true;
    await Promise.all(clients);
    expect([...seen.keys()].toSorted()).toEqual(['200 one', '200 two']);
  });

  it('goes on as before where what is under way does not end', async () => {
    const stuck = await service((incoming, response) => (incoming.url === '/stuck' ? undefined : void response.end('on')));
    const door = await doorTo(stuck);
    const abort = new AbortController();
    const hanging = fetch(`http://127.0.0.1:${door.port}/stuck`, { signal: abort.signal, headers: { connection: 'close' } }).catch(() => null);
    await sleep(40);
    await expect(door.hold(100)).rejects.toThrow('1 requests did not end within 100 ms');
    expect(await (await get(door)).text()).toBe('on');
    abort.abort();
    await hanging;
    // A client that went away is under way no more.
    await expect(door.hold(1_000)).resolves.toBeUndefined();
  });

  it('keeps what comes waiting for the newest command, whatever becomes of an older one', async () => {
    const stuck = await service((incoming, response) => (incoming.url === '/stuck' ? undefined : void response.end('on')));
    const door = await doorTo(stuck);
    const abort = new AbortController();
    const hanging = fetch(`http://127.0.0.1:${door.port}/stuck`, { signal: abort.signal, headers: { connection: 'close' } }).catch(() => null);
    await sleep(40);
    const older = expect(door.hold(100)).rejects.toThrow('something else meanwhile');
    const newer = door.hold(2_000);
    await older;
    await sleep(120);
    expect(door.state.isHolding).toBe(true);
    abort.abort();
    await hanging;
    await newer;
    expect(door.state).toMatchObject({ isHolding: true, inFlight: 0 });
  });

  it('tells those whom it cannot keep to come again: too many, or for too long', async () => {
    const door = await doorTo(await service(named('on')), { mostHeld: 1, holdAtMostMs: 100 });
    await door.hold(100);
    const first = get(door);
    await sleep(30);
    const second = await get(door);
    expect([second.status, second.headers.get('retry-after'), await second.text()]).toEqual([503, '1', '1 requests wait already\n']);
    expect((await first).status).toBe(503);
    expect(await (await first).text()).toBe('the service is being moved and was not back within 100 ms\n');
  });

  it('lets the service know of a request that breaks off, and serves the next ones', async () => {
    const broke: boolean[] = [];
    const reading = await service((incoming, response) => {
      incoming.resume().once('close', () => broke.push(!incoming.complete)).once('end', () => response.end('whole')).once('error', () => undefined);
    });
    const door = await doorTo(reading);
    const half = connect(door.port, '127.0.0.1', () => half.write('PUT / HTTP/1.1\r\nhost: door\r\ncontent-length: 1000\r\n\r\nhalf'));
    await sleep(50);
    half.destroy();
    await sleep(50);
    expect(broke).toEqual([true]);
    expect(await (await fetch(`http://127.0.0.1:${door.port}/`, { method: 'POST', body: 'x'.repeat(100_000) })).text()).toBe('whole');
    expect(door.state.inFlight).toBe(0);
  });

  it('says so where the service does not answer, and cuts an answer that breaks off', async () => {
    const broken = await service((incoming, response) => {
      if (incoming.url === '/half') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        setTimeout(() => response.destroy(), 20);
      } else incoming.destroy();
    });
    const door = await doorTo(broken);
    expect((await get(door)).status).toBe(502);
    await expect(get(door, '/half').then((answer) => answer.text())).rejects.toThrow();
    const gone = await doorTo({ host: '127.0.0.1', port: 9 });
    expect((await get(gone)).status).toBe(502);
    expect(door.state.inFlight).toBe(0);
  });
});
