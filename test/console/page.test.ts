import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { ServerType } from '@hono/node-server';
import { source as axeSource } from 'axe-core';
import type { AxeResults } from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import type { MigrationDetail, MigrationRow } from '../../src/console/console-api';
import type { ConsolePorts } from '../../src/console/server/console-ports';
import { createApp } from '../../src/console/server/create-app';
import { createLiveFleet } from '../../src/console/server/live-fleet';
import { loginOnce } from '../../src/console/server/login';
import { createSessions } from '../../src/console/server/sessions';

const WEB = join(__dirname, '../../dist/console-web');
const CHROMIUM = process.env['FORESHIFT_CHROMIUM'] ?? (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'chromium')).find(existsSync);
const missing = CHROMIUM === undefined ? 'there is no chromium on PATH, nor FORESHIFT_CHROMIUM' : existsSync(join(WEB, 'index.html')) ? null : 'npm run build made no console yet';
const SHOTS = process.env['FORESHIFT_CONSOLE_SHOTS'];

const ROW: MigrationRow = {
  instanceId: 'i-0123456789abcdef0',
  workflowId: 'migration/i-0123456789abcdef0',
  state: 'RUNNING',
  phase: 'ramp',
  startedAtMs: 1_790_000_000_000,
  endedAtMs: null,
  temporalUrl: null,
  status: { instanceId: 'i-0123456789abcdef0', phase: 'ramp', outcome: null, paused: false, aborting: null, awaitingApproval: null, planHash: 'h', shadowId: 'i-2', reservation: null, shadowPercent: 25, lastVerdict: 'pass', sync: { lagBytes: 4096, predictedPauseMs: 20, why: 'caught up' }, phases: [{ phase: 'plan', startedAtMs: 1_790_000_000_000, endedAtMs: 1_790_000_002_000, note: 'to us-east-1b' }, { phase: 'ramp', startedAtMs: 1_790_000_002_000 }], undo: ['give the traffic back'], left: [] },
};
const DETAIL: MigrationDetail = {
  migration: ROW,
  records: [{ key: 'k', kind: 'decision', atMs: 1_790_000_000_000, actor: 'tick', workflowId: ROW.workflowId, runId: 'r', instanceId: ROW.instanceId, summary: 'plans a move', reason: 'CPU passes 80 % at 10:40', detail: { cpu: 84 }, seq: 1, previousHash: '0', hash: '1' }],
};

if (missing !== null) console.warn(`the console's page is not tested: ${missing}`);

(missing === null ? describe : describe.skip)('the console\'s page in Chromium', () => {
  let browser: Browser;
  let server: ServerType;
  let page: Page;
  let migrations: MigrationRow[] = [ROW];
  const aborted: unknown[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    const refuse = () => Promise.reject(new Error('not asked for here'));
    const ports: ConsolePorts = {
      readFleet: async () => ({ migrations, plans: [] }),
      readMigration: async () => DETAIL,
      readPlan: async () => null,
      searchAudit: async ({ text }) => (text === 'nothing' ? [] : [...DETAIL.records]),
      exportAudit: async function* () {
        yield* DETAIL.records;
      },
      verifyAudit: async () => ({ intact: true, records: 1, head: '1', problems: [] }),
      abortMigration: async (id, args) => {
        aborted.push([id, args]);
        return 'goes back';
      },
      approveMigration: refuse,
      approvePlan: refuse,
      declinePlan: refuse,
    };
    const { login, token } = loginOnce('ada');
    const app = createApp({ ports, live: createLiveFleet(ports, 50), login, sessions: createSessions(), webFolder: WEB, secure: false });
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/#login=${token}`);
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it('logs in by the link, takes the token out of the address, and shows who runs', async () => {
    await page.getByRole('link', { name: ROW.instanceId }).waitFor();
    expect(page.url()).not.toContain('login');
    expect(await page.getByText('ada (admin)').count()).toBe(1);
  });

  it('follows the fleet without being asked', async () => {
    migrations = [{ ...ROW, phase: 'bake' }];
    await page.getByRole('cell', { name: 'bake' }).waitFor();
  });

  it('tells why an instance is moved, and aborts with a reason', async () => {
    await page.getByRole('link', { name: ROW.instanceId }).click();
    await page.getByText('CPU passes 80 % at 10:40').waitFor();
    expect(await page.getByRole('list', { name: 'Phases' }).getByRole('listitem').count()).toBe(2);
    await page.getByLabel(/Reason/).fill('error rate');
    await page.keyboard.press('Enter');
    await page.getByText('goes back').waitFor();
    expect(aborted).toEqual([[ROW.instanceId, { reason: 'error rate', by: 'ada' }]]);
  });

  it('searches the audit and verifies its chain', async () => {
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText('1 records, chain verified').waitFor();
    await page.getByLabel('Words').fill('nothing');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('There is no record.').waitFor();
  });

  it('has no serious violation by axe on any page, light or dark', async () => {
    await page.evaluate(axeSource);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [hash, heading] of [['#/', 'Fleet'], [`#/migration/${ROW.instanceId}`, `Migration of ${ROW.instanceId}`], ['#/audit', 'Audit']] as const) {
        await page.goto(`${page.url().split('#')[0]}${hash}`);
        await page.getByRole('heading', { name: heading, exact: true }).waitFor();
        const { violations } = await page.evaluate<AxeResults>('axe.run()');
        expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      }
    }
  });

  it('loads nothing that its content security policy refuses', async () => {
    for (const [name, scheme, width] of [['light-wide', 'light', 1280], ['dark-narrow', 'dark', 390]] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${page.url().split('#')[0]}#/migration/${ROW.instanceId}`);
      await page.getByRole('list', { name: 'Phases' }).waitFor();
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
    }
    // The browser looks for an icon of its own accord; there is none.
    expect(problems.filter((one) => !one.includes('404'))).toEqual([]);
  });
});
