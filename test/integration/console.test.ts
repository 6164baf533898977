import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { MigrateInstanceResult } from '../../src/contracts/migrate-instance';
import { missing, openBrowser, problemsOf } from '../console/open-console';
import { LiveFleet } from './live-fleet';

const SHOTS = process.env['FORESHIFT_CONSOLE_SHOTS'];
const describeWhereAsked = process.env['FORESHIFT_TEST_FAULTS'] === 'all' && missing === null ? describe : describe.skip;

if (process.env['FORESHIFT_TEST_FAULTS'] === 'all' && missing !== null) console.warn(`the console is not tried on a live fleet: ${missing}`);

describeWhereAsked('the console before a live fleet', () => {
  let live: LiveFleet;
  let served: ChildProcess;
  let browser: Browser;
  let page: Page;
  let base: string;
  let problems: string[];

  beforeAll(async () => {
    live = await LiveFleet.start('test-console');
    served = spawn(process.execPath, [join(__dirname, '../../bin/foreshift.js'), 'console', '--stack', 'test-console', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const link = await linkOf(served);
    base = link.split('#')[0] as string;
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    problems = problemsOf(page);
    await page.goto(link);
    await page.getByRole('heading', { name: 'Fleet', exact: true }).waitFor();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    if (served !== undefined && served.exitCode === null) {
      served.kill('SIGTERM');
      await once(served, 'exit');
    }
    await live?.stop();
  });

  const shoot = async (name: string) => SHOTS !== undefined && page.screenshot({ path: join(SHOTS, `live-${name}.png`), fullPage: true });

  it('approves a move, and shows each of its phases until it is completed', async () => {
    const instanceId = live.instance('web-1');
    const before = await live.inventory();
    const traffic = live.traffic();
    const handle = await live.start({ instanceId, approval: 'required', rampStepsPercent: [25, 100], rampStepMs: 4_000, bakeMs: 4_000, reason: 'tried from the console' });
    await page.getByRole('table', { name: 'Running migrations' }).getByText('waits for approval').waitFor();
    await page.getByRole('link', { name: instanceId }).first().click();
    await page.getByText('tried from the console').first().waitFor();
    await shoot('waits');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').getByText('both run for a while').waitFor();
    await shoot('question');
    await page.getByRole('button', { name: 'Approve this move' }).click();
    for (const phase of ['shadow', 'ramp', 'bake']) await page.locator('.steps li[data-state="now"]', { hasText: phase }).waitFor({ timeout: 120_000 });
    await page.getByRole('table', { name: 'Judge\'s evidence' }).getByText('pass').first().waitFor();
    await shoot('bakes');
    const result = (await handle.result()) as MigrateInstanceResult;
    await page.getByText('completed').first().waitFor({ timeout: 30_000 });
    await shoot('completed');
    const { sent, failed } = await traffic.stop();
    expect(result).toMatchObject({ kind: 'Completed', instanceId });
    expect(sent).toBeGreaterThan(500);
    expect(failed).toBe(0);
    expect(await live.leftSince(before, result)).toEqual([]);
    expect(await page.getByRole('row').filter({ hasText: 'approval' }).filter({ hasText: 'console' }).count()).toBeGreaterThan(0);
  }, 300_000);

  it('aborts a move in its ramp, and shows it go back', async () => {
    const instanceId = live.instance('api-1');
    const before = await live.inventory();
    const traffic = live.traffic();
    const handle = await live.start({ instanceId, rampStepsPercent: [10, 50, 100], rampStepMs: 20_000, bakeMs: 60_000 });
    await page.goto(`${base}#/migration/${instanceId}`);
    await page.getByRole('img', { name: /share of the traffic: now 10 %/ }).waitFor({ timeout: 120_000 });
    await shoot('ramps');
    await page.getByRole('button', { name: 'Abort' }).click();
    await page.getByLabel(/Reason/).fill('tried from the console');
    await page.getByRole('button', { name: 'Abort, and go back' }).click();
    const result = (await handle.result()) as MigrateInstanceResult;
    await page.getByText('rolled back').first().waitFor({ timeout: 30_000 });
    await shoot('rolled-back');
    const { failed } = await traffic.stop();
    expect(result).toMatchObject({ kind: 'RolledBack', reasons: [expect.stringContaining('tried from the console')] });
    expect(failed).toBe(0);
    expect(await live.leftSince(before, result)).toEqual([]);
  }, 300_000);

  it('verifies the audit of both with its signatures, and breaks no policy of its own', async () => {
    await page.goto(`${base}#/audit`);
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/records, chain verified/).waitFor();
    await shoot('audit');
    expect(problems.filter((one) => !one.includes('404'))).toEqual([]);
  });
});

/** The link that logs in, which the console prints once it listens. */
async function linkOf(child: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk);
    const link = /http:\S+#login=\S+/.exec(printed)?.[0];
    if (link !== undefined) return link;
  }
  throw new Error(`the console ended without a link: ${printed}`);
}
