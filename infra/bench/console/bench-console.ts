import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { serve } from '@hono/node-server';
import { createApp } from '../../../src/console/server/create-app';
import { createLiveFleet } from '../../../src/console/server/live-fleet';
import { loginOnce } from '../../../src/console/server/login';
import { createSessions } from '../../../src/console/server/sessions';
import { readConfig } from '../../../src/contracts/config';
import { fakeFleet } from './fake-fleet';
import { watchPage } from './watch-page';

const MIGRATIONS = 1_000;
const INSTANCES = 10_000;
const VIEWERS = 50;
const EVERY_MS = 1_000;
const WATCHED_MS = 10_000;
const TARGETS = { firstLoadKib: 300, interactiveMs: 1_500, longestTaskMs: 200, lastViewerMs: 1_000 };

/** The console before 10,000 instances, of which 1,000 move and change every second, as a fake of its ports tells it: the page's and the server's own cost, without Temporal's and Postgres's. */
async function main(): Promise<void> {
  const executablePath = readConfig().path.split(delimiter).map((folder) => join(folder, 'chromium')).find(existsSync);
  if (executablePath === undefined) throw new Error('PATH: expected chromium on it');
  let readAtMs = 0;
  const ports = fakeFleet({ migrations: MIGRATIONS, instances: INSTANCES, onRead: () => (readAtMs = performance.now()) });
  const { login, token } = loginOnce('bench');
  const app = createApp({ ports, live: createLiveFleet(ports, EVERY_MS), login, oidc: null, sessions: createSessions(), webFolder: join(__dirname, '../../../console-web'), secure: false, codec: null });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const { cookie, ...page } = await watchPage(executablePath, `${url}/#login=${token}`, 'i-00000');
  const delaysMs = await watchStreams(url, cookie, () => readAtMs);
  const views = delaysMs.length / VIEWERS;
  const figures = { ...page, lastViewerMs: Math.max(...delaysMs) };
  let missed = views < WATCHED_MS / EVERY_MS / 2;
  console.log(`${VIEWERS} viewers of ${MIGRATIONS} migrations: ${views.toFixed(1)} views each in ${WATCHED_MS / 1_000} s (target: at least ${WATCHED_MS / EVERY_MS / 2})`);
  console.log(`${INSTANCES} instances: ${page.instancesKib.toFixed(0)} KiB compressed, at most ${page.rowsInPage} of their rows in the page`);
  for (const name of Object.keys(TARGETS) as (keyof typeof TARGETS)[]) {
    const met = figures[name] <= TARGETS[name];
    if (!met) missed = true;
    console.log(`${name}: ${figures[name].toFixed(0)} (target: at most ${TARGETS[name]})${met ? '' : ' MISSED'}`);
  }
  process.exit(missed ? 1 : 0);
}

/** How long after it was read each view reached each of the viewers, in milliseconds. */
async function watchStreams(url: string, cookie: string, readAtMs: () => number): Promise<number[]> {
  const stop = AbortSignal.timeout(WATCHED_MS);
  const delaysMs: number[] = [];
  await Promise.all(Array.from({ length: VIEWERS }, async () => {
    try {
      const { body } = await fetch(`${url}/api/live`, { headers: { cookie }, signal: stop });
      const decoder = new TextDecoder();
      // A view ends with an empty line; what comes first may be an older view, sent at once.
      for await (const chunk of body ?? []) if (decoder.decode(chunk as Uint8Array, { stream: true }).endsWith('\n\n')) delaysMs.push(performance.now() - readAtMs());
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }));
  return delaysMs;
}

void main();
