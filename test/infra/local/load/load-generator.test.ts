import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad, type LoadRun } from '../../../../infra/local/load/load-generator';

describe('The load generator', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const started = (server = createServer(listener));
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  }
  function load(url: string, ratePerSecond: number, connections: number, maxDurationMs = 30_000): LoadRun {
    const root = join(__dirname, '../../../..');
    return startLoad(
      { url, ratePerSecond, connections, maxDurationMs },
      { file: join(root, 'infra/local/load/load-main.ts'), execArgv: ['-r', join(root, 'test/support/register-typescript.cjs')] },
    );
  }

  it('holds 400 requests a second, and the server has seen exactly what it counts', async () => {
    let served = 0;
    const run = load(
      await serve((_request, response) => {
        served += 1;
        response.end('ok');
      }),
      400,
      20,
    );
    // Its process starts and its ten cannons begin one after another.
    while (run.stats().sent === 0) await sleep(50);
    await sleep(1500);
    const from = Date.now();
    await sleep(5000);
    const span = run.stats(from, from + 4500);
    const rate = span.sent / 4.5;
    expect(rate).toBeGreaterThan(370);
    expect(rate).toBeLessThan(430);
    const summary = await run.stop();
    expect(summary).toMatchObject({ failed: 0, unfinished: 0, started: served, sent: served });
    expect(await run.stop()).toBe(summary);
  });

  it('counts refusals, errors and connections that the server closes as failed, each request once', async () => {
    let served = 0;
    const run = load(
      await serve((request, response) => {
        served += 1;
        if (served % 10 === 1) request.socket.end();
        else response.writeHead(served % 10 === 2 ? 503 : 200).end();
      }),
      100,
      5,
    );
    while (run.stats().sent < 100) await sleep(50);
    const summary = await run.stop();
    expect(summary.started).toBe(summary.sent + summary.unfinished);
    expect(summary.failed / summary.sent).toBeGreaterThan(0.15);
    expect(summary.failed / summary.sent).toBeLessThan(0.25);
    expect(new Set(summary.firstFailures.map(({ outcome }) => outcome))).toEqual(new Set([503, 'connection-closed']));
  });

  it('lets requests under way finish when it stops, and stops by itself after its maximum time', async () => {
    const run = load(await serve((_request, response) => void setTimeout(() => response.end(), 700)), 5, 5, 1500);
    await sleep(2500);
    const summary = await run.stop();
    expect(summary).toMatchObject({ failed: 0, unfinished: 0 });
    expect(summary.sent).toBeGreaterThan(0);
    expect(summary.sent).toBe(summary.started);
  });
});
