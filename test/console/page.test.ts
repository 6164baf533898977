import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { MigrationRow } from '../../src/console/console-api';
import { createOidcLogin } from '../../src/console/server/oidc/oidc-login';
import { fakePorts } from './fake-ports';
import { CLIENT_ID, startProvider } from './oidc-provider';
import { missing, openBrowser, openConsole, problemsOf } from './open-console';
import { INSTANCE, NOW_MS, PLAN, ROW } from './sample-data';

const SHOTS = process.env['FORESHIFT_CONSOLE_SHOTS'];
const PLANS = [{ planId: PLAN.planId, planHash: PLAN.planHash, fleet: 'shop', atMs: NOW_MS, mode: 'propose', moves: 1, instances: 2, awaitsUntilMs: NOW_MS + 600_000 }];

/** Every page, and the words by which it is known to be there. */
const PAGES: readonly (readonly [name: string, hash: string, words: string])[] = [
  ['fleet', '#/', 'Instances, now and ahead'],
  ['moves', '#/moves', 'Running (1)'],
  ['migration', `#/migration/${INSTANCE}`, 'What the judge saw'],
  ['plans', '#/plans', 'plan-1'],
  ['plan', '#/plan/plan-1', 'Moves, most urgent first'],
  ['instance', `#/instance/${INSTANCE}`, 'The forecast as a table'],
  ['queue', '#/queue', 'three moves in a row failed'],
  ['capacity', '#/capacity', 'Held for later'],
  ['accuracy', '#/accuracy', 'Forecasts scored'],
  ['profiles', '#/profiles', 'cpuPercent app=web: a day'],
  ['audit', '#/audit', 'Evidence of 1'],
];

if (missing !== null) console.warn(`the console's page is not tested: ${missing}`);

(missing === null ? describe : describe.skip)('the console\'s page in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let served: Awaited<ReturnType<typeof openConsole>>;
  let problems: string[];
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let migrations: MigrationRow[] = [ROW];
  const { ports, done, reads } = fakePorts(() => ({ migrations, plans: PLANS }));

  async function enter(role: string): Promise<void> {
    await page.context().clearCookies();
    await page.goto('about:blank');
    await page.goto(`${served.url}#login=${role}`);
    await page.getByRole('heading', { name: 'Fleet', exact: true }).waitFor();
  }

  const open = (hash: string) => page.goto(`${served.url}${hash}`);

  beforeAll(async () => {
    provider = await startProvider();
    const config = { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: null, label: 'Log in as Example', scopes: 'openid email', nameClaim: 'email', roleClaim: 'groups', roles: { platform: 'approver' } } as const;
    served = await openConsole(ports, (url) => createOidcLogin(config, `${url}oidc/callback`, () => undefined));
    browser = await openBrowser();
    page = await browser.newPage();
    problems = problemsOf(page);
  });

  afterAll(async () => {
    await browser.close();
    served.close();
    provider.close();
  });

  it('asks who is there, says what is wrong with a token, and lets in by a good one', async () => {
    await page.goto(served.url);
    await page.getByLabel('Token').fill('guessed');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('alert').getByText('expected one that is in the users file').waitFor();
    await page.getByLabel('Token').fill('admin');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Fleet', exact: true }).waitFor();
    // The browser tells of a login that was refused, and of the icon that it looks for.
    problems.length = 0;
  });

  it('lets in by single sign-on at another site, and says why where it does not', async () => {
    await page.context().clearCookies();
    await page.reload();
    await page.getByRole('link', { name: 'Log in as Example' }).click();
    await page.getByRole('button', { name: 'ada@example.com (approver)' }).waitFor();
    await page.getByRole('button', { name: 'ada@example.com (approver)' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    provider.giveNext({ claims: { groups: ['strangers'] } });
    await page.getByRole('link', { name: 'Log in as Example' }).click();
    await page.getByRole('alert').getByText('none of your groups has a role here').waitFor();
    problems.length = 0;
  });

  it('logs in by a link, and takes the token out of the address', async () => {
    await enter('admin');
    expect(page.url()).not.toContain('login');
    await page.getByRole('button', { name: 'admin-ada (admin)' }).waitFor();
  });

  it('shows what runs out and when, and follows the fleet without being asked', async () => {
    await page.getByRole('cell', { name: 'in 5', exact: false }).first().waitFor();
    migrations = [{ ...ROW, phase: 'bake' }];
    await page.getByRole('cell', { name: 'bake' }).waitFor();
    await page.getByLabel('Find').fill('api-1');
    await page.getByRole('table', { name: 'Instances' }).getByText('calm').waitFor();
    expect(await page.getByRole('table', { name: 'Instances' }).getByText('web-2').count()).toBe(0);
    migrations = [ROW];
  });

  it('tells why an instance is moved, in figures, and reads only what is new', async () => {
    await open(`#/migration/${INSTANCE}`);
    await page.getByText('CPU passes 80 % at 10:40').waitFor();
    expect(await page.getByRole('list', { name: 'Phases' }).getByRole('listitem').count()).toBe(2);
    await page.getByRole('img', { name: /share of the traffic: now 25 %, after 2 changes/ }).waitFor();
    await page.getByRole('img', { name: /Sync lag: now 4\.1 KB/ }).waitFor();
    await page.getByRole('table', { name: 'Judge\'s evidence' }).getByText('74.7 %').waitFor();
    await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('afterSeq=6')), undefined, { timeout: 10_000 });
    expect(reads.afterSeqs.filter((after) => after === 0).length).toBeLessThanOrEqual(2);
  });

  it('approves a move after the question, and aborts with a reason, under the name of the login', async () => {
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').getByText('both run for a while').waitFor();
    await page.getByRole('button', { name: 'Approve this move' }).click();
    await page.getByRole('status').getByText('approved').waitFor();
    await page.getByRole('button', { name: 'Abort' }).click();
    await page.getByRole('dialog').getByText('give the traffic back').waitFor();
    await page.getByLabel(/Reason/).fill('error rate');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('goes back').waitFor();
    expect(done.splice(0)).toEqual([['approved', INSTANCE, { planHash: 'abcdef0123456789', by: 'admin-ada' }], ['goes back', INSTANCE, { reason: 'error rate', by: 'admin-ada' }]]);
  });

  it('shows a plan with what staying would cost, and declines it with a reason', async () => {
    await open('#/plan/plan-1');
    await page.getByRole('cell', { name: /266 overloaded min/ }).first().waitFor();
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByLabel(/Reason/).fill('release day');
    await page.keyboard.press('Enter');
    await page.getByText('plan declined').waitFor();
    expect(done.splice(0)).toEqual([['plan declined', 'plan-1', { reason: 'release day', by: 'admin-ada' }]]);
  });

  it('draws a forecast that keys read off, with the same numbers in a table, and says where there is none', async () => {
    await open(`#/instance/${INSTANCE}`);
    const chart = page.getByRole('img', { name: /CPU: measured until/ });
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText(/median \d+\.\d %/).waitFor();
    await page.getByText('The forecast as a table').click();
    expect(await page.getByRole('table', { name: 'Forecast by step' }).getByRole('row').count()).toBe(25);
    await page.getByLabel('Load').selectOption('memoryPercent');
    await page.getByRole('alert').getByText('no forecast').waitFor();
  });

  it('searches the audit, verifies chain and signatures, and exports', async () => {
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText('6 records, chain verified; signed up to record 5 by 2 checkpoints').waitFor();
    await page.getByText('Evidence of 2').click();
    await page.getByText('double running').first().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export all that pass' }).click();
    expect(readFileSync(await (await download).path(), 'utf8').trim().split('\n')).toHaveLength(6);
    await page.getByLabel('Words').fill('nothing');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('There is no record.').waitFor();
  });

  it('offers a viewer nothing that changes something', async () => {
    await enter('viewer');
    for (const hash of [`#/migration/${INSTANCE}`, '#/plan/plan-1']) {
      await open(hash);
      await page.getByText('waits for approval').first().waitFor();
      expect(await page.getByRole('button', { name: /Approve|Abort|Decline/ }).count()).toBe(0);
    }
    await enter('operator');
    await open(`#/migration/${INSTANCE}`);
    await page.getByRole('button', { name: 'Abort' }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)('has no serious violation by axe on any page (%s)', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axeSource);
    for (const [name, hash, words] of PAGES) {
      await page.setViewportSize({ width: name === 'instance' ? 390 : 1400, height: 900 });
      await open(hash);
      await page.getByText(words, { exact: false }).first().waitFor();
      const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
      expect([name, ...violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([name]);
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}.png`) });
    }
  });

  it('says that the connection is lost, and leads who is logged out to the login', async () => {
    await page.context().clearCookies();
    served.dropConnections();
    await page.getByText('The connection is lost').waitFor();
    await page.getByRole('alert').getByText('Your session is over').waitFor({ timeout: 15_000 });
    await page.getByLabel('Token').waitFor();
    // The browser tells of what was dropped and refused.
    for (const expected of [/ERR_/, /401/]) problems = problems.filter((one) => !expected.test(one));
  });

  it('loads nothing that its content security policy refuses, and breaks nowhere', () => {
    // A forecast that is not there is a 404.
    expect(problems.filter((one) => !one.includes('404'))).toEqual([]);
  });
});
