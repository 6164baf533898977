import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { serve } from '@hono/node-server';
import { chromium } from 'playwright-core';
import type { MigrationRow } from '../../../src/console/console-api';
import { createApp } from '../../../src/console/server/create-app';
import { createLiveFleet } from '../../../src/console/server/live-fleet';
import { loginOnce } from '../../../src/console/server/login';
import type { ConsolePorts } from '../../../src/console/server/console-ports';
import { createSessions } from '../../../src/console/server/sessions';
import { readConfig } from '../../../src/contracts/config';

const MIGRATIONS = 1_000;
const VIEWERS = 50;
const EVERY_MS = 1_000;
const WATCHED_MS = 10_000;
const TARGETS = { firstLoadKib: 300, interactiveMs: 1_500, lastViewerMs: 1_000 };

/** The console before a fleet of 1,000 that changes every second, as a fake of its ports tells it: the page's and the server's own cost, without Temporal's and Postgres's. */
async function main(): Promise<void> {
  const executablePath = readConfig().path.split(delimiter).map((folder) => join(folder, 'chromium')).find(existsSync);
  if (executablePath === undefined) throw new Error('PATH: expected chromium on it');
  const refuse = () => Promise.reject(new Error('not asked for here'));
  let tick = 0;
  let readAtMs = 0;
  const ports: ConsolePorts = {
    readFleet: async () => {
      tick += 1;
      readAtMs = performance.now();
      return { migrations: Array.from({ length: MIGRATIONS }, (_, i) => rowOf(i, tick)), plans: [] };
    },
    readMigration: refuse, readPlan: refuse, searchAudit: refuse, exportAudit: refuse as never, verifyAudit: refuse,
    abortMigration: refuse, approveMigration: refuse, approvePlan: refuse, declinePlan: refuse,
  };
  const { login, token } = loginOnce('bench');
  const app = createApp({ ports, live: createLiveFleet(ports, EVERY_MS), login, sessions: createSessions(), webFolder: join(__dirname, '../../../console-web'), secure: false });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  const beganAtMs = performance.now();
  await page.goto(`${url}/#login=${token}`);
  await page.getByRole('link', { name: 'i-00000', exact: true }).click();
  const interactiveMs = performance.now() - beganAtMs;
  const firstLoadKib = bytes / 1_024;
  const cookies = await page.context().cookies();
  await browser.close();

  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const stop = AbortSignal.timeout(WATCHED_MS);
  const delaysMs: number[] = [];
  await Promise.all(Array.from({ length: VIEWERS }, async () => {
    try {
      const { body } = await fetch(`${url}/api/live`, { headers: { cookie }, signal: stop });
      const decoder = new TextDecoder();
      // A view ends with an empty line; what comes first may be an older view, sent at once.
      for await (const chunk of body ?? []) if (decoder.decode(chunk as Uint8Array, { stream: true }).endsWith('\n\n')) delaysMs.push(performance.now() - readAtMs);
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }));
  const views = delaysMs.length / VIEWERS;
  const lastViewerMs = Math.max(...delaysMs);
  const figures = { firstLoadKib, interactiveMs, lastViewerMs };
  let missed = views < WATCHED_MS / EVERY_MS / 2;
  console.log(`${VIEWERS} viewers of ${MIGRATIONS} migrations: ${views.toFixed(1)} views each in ${WATCHED_MS / 1_000} s (target: at least ${WATCHED_MS / EVERY_MS / 2})`);
  for (const name of Object.keys(TARGETS) as (keyof typeof TARGETS)[]) {
    const met = figures[name] <= TARGETS[name];
    if (!met) missed = true;
    console.log(`${name}: ${figures[name].toFixed(0)} (target: at most ${TARGETS[name]})${met ? '' : ' MISSED'}`);
  }
  process.exit(missed ? 1 : 0);
}

function rowOf(i: number, tick: number): MigrationRow {
  const instanceId = `i-${String(i).padStart(5, '0')}`;
  return { instanceId, workflowId: `migration/${instanceId}`, state: 'RUNNING', phase: (i + tick) % 2 === 0 ? 'sync' : 'ramp', startedAtMs: 1_790_000_000_000 + i, endedAtMs: null, status: null, temporalUrl: null };
}

void main();
