import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../infra/local/supervisor/free-port';

const PROGRAM = join(__dirname, '../../bin/foreshift.js');
const ID = 'i-0123456789abcdef0';

describe('the command line', () => {
  const home = mkdtempSync(join(tmpdir(), 'cli-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** The built program with an environment of its own: no server and no database but those that are named. */
  const foreshift = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, ...args], { cwd: home, env: { PATH: process.env['PATH'], FORESHIFT_HOME: home, ...env } }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['migrat', ID], /unknown command 'migrat'/],
    ['an unknown option', ['--verbose'], /unknown option '--verbose'/],
    ["a command's unknown option", ['migrate', ID, '--dryrun'], /unknown option '--dryrun'[\s\S]*--dry-run/],
    ["a subcommand's unknown option", ['audit', 'list', '--colour', 'red'], /unknown option '--colour'/],
    ['a time gone by that is none', ['audit', 'list', '--since', 'monday'], /--since.*'monday'.*span before now/],
    ['a missing argument', ['migrate'], /missing required argument 'instanceId'/],
    ['a missing option', ['abort', ID], /required option '--reason <text>' not specified/],
    ['a choice that is none', ['demo', '--scenario', 'best'], /--scenario.*'best'.*migrate, rollback/],
    ['an id that is none', ['migrate', 'web-1'], /instanceId is "web-1"; expected an EC2 instance id such as "i-0123456789abcdef0"/],
    ['a mode that is none', ['migrate', ID, '--approval', 'maybe'], /approval is "maybe"; expected one of "none", "required", "earned"/],
    ['a rehearsal of nothing', ['drill'], /one of instanceId and pool is expected/],
    ['a rehearsal that would be a move', ['drill', ID, '--share', '100'], /--share.*'100'.*50 at most/],
    ['a cap that is no mode', ['autonomy', 'set', 'shop', '--cap', 'sometimes', '--reason', 'x'], /--cap.*'sometimes'.*observe, propose, approve-risky, act, none/],
    ['capacity that is none', ['migrate', ID, '--into', 'rack-7'], /into is "rack-7"; expected a dedicated host or a capacity reservation such as "h-0123456789abcdef0"/],
    ['a trade-off that is none', ['adjust', ID, '--tradeoff', '3'], /tradeoff is 3; expected a number from 0 \(cost alone\) to 1/],
    ['an end without its reason', ['adjust', 'stop', ID], /required option '--reason <text>' not specified/],
    ['a routing of what is not told', ['routing', 'recommend', '-f', 'missing.json'], /missing.json: expected a file of JSON/],
    ['a member that is nowhere', ['routing', 'follow', 'shop', '--member', 'a', '--to', 'elsewhere'], /--to is "elsewhere"; expected an IP address and a port, such as 10\.0\.0\.7:8080/],
    ['the end of a routing without its reason', ['routing', 'withdraw', 'shop'], /required option '--reason <text>' not specified/],
    ['a console that browsers are not sent back to', ['console', '--oidc', 'oidc.json', '--port', '0'], /--oidc: .*expected a --port, or --public-url/],
    ['a console that others reach without https', ['console', '--users', 'users.json', '--host', '0.0.0.0'], /--host is 0\.0\.0\.0; expected an https --public-url/],
    ['a console that others reach and that its link logs into', ['console', '--host', '0.0.0.0', '--public-url', 'https://foreshift.example.com'], /--host is 0\.0\.0\.0; expected --users or --oidc/],
    ['an address of the console that is none', ['console', '--public-url', 'foreshift.example.com'], /--public-url: expected an address such as https:/],
    ['replicas without a request', ['provision'], /file is missing; provision needs -f FILE/],
    ['a window that is none', ['capacity', 'plan', '--pool', 'web', '--window', 'tomorrow'], /window is "tomorrow"; expected an ISO 8601 interval/],
    ['an empty reason', ['migrate', ID, '--reason', ''], /reason is ""; expected a text of 1 to 500 characters/],
    ['a limit that is no number', ['audit', 'list', '--limit', 'all'], /--limit.*'all'.*whole number from 1/],
    ['a seed that is no number', ['demo', '--seed', 'x'], /--seed.*'x'.*whole number/],
    ['a plan of a mode that is none', ['plan', '--mode', 'go'], /--mode.*'go' is invalid.*observe, propose, approve-risky, act/],
    ['a number of plans that is none', ['plan', 'list', '--limit', 'many'], /--limit.*'many'.*whole number/],
    ['a wait that is none', ['plan', '--approval-timeout', 'soon'], /--approval-timeout.*'soon'.*time span/],
    ['ticks that come too often', ['plan', '--every', '10s'], /--every: expected a span from 1m.*got 10s/],
    ['a span that is none', ['plan', '--every', 'daily'], /--every.*'daily'.*time span/],
    ['a schedule without its id', ['schedule', 'pause'], /missing required argument 'id'/],
    ['reapings that come too often', ['reap', '--schedule', '10s'], /--schedule: expected a span from 1m; got 10s/],
    ['a grace that is none', ['reap', '--grace', '100ms'], /--grace.*'100ms'.*time span/],
    ['a grace that is too short', ['reap', '--grace', '0.5s'], /graceMs is 500; expected a whole number from 1000/],
    ['a recovery of what is no instance', ['recover', 'web-1'], /instanceId is "web-1"; expected an EC2 instance id/],
    ['two ways at once', ['recover', ID, '--continue', '--roll-back'], /'--continue' cannot be used with option '--roll-back'|'--roll-back' cannot be used with option '--continue'/],
    ['a policy that is not there', ['plan', '--policy', 'missing.json'], /--policy: missing.json cannot be read/],
    ['an approval of a migration without its plan', ['approve', ID], /--plan is missing; expected the plan hash/],
    ['a model that is none', ['forecast', 'batch', '--threads', '1', '--model', 'oracle'], /--model: expected .*arima.*got oracle/],
    ['more threads than any machine has', ['forecast', 'batch', '--threads', '9007199254740991'], /--threads.*whole number from 1 to \d+\./],
    ['a command that would rewrite the terminal', ['\u001b[2J'], /unknown command '\\u001b\[2J'/],
    ['steps that are no numbers', ['ramp', ID, '--steps', '25;100'], /--steps.*'25;100'.*percentages/],
    ['steps that do not end with all', ['ramp', ID, '--steps', '25,50'], /--steps.*'25,50'.*ends with 100/],
    ['an option of a subcommand that its parent has as well', ['forecast', 'backtest', '--csv', 'load.csv', '--metric', 'heat'], /--metric <name>' argument 'heat' is invalid/],
    ['a training of pools that cannot be', ['forecast', 'train', '--tune', 'much'], /--tune.*'much'.*whole number from 0/],
    ['a time that is none', ['forecast', 'accuracy', '--since', 'monday'], /--since.*'monday'.*time span/],
    ['a step that has no length', ['ramp', ID, '--step-ms', 'soon'], /--step-ms.*'soon'.*milliseconds/],
  ])('answers %s with exit code 2 and says what was expected', async (_, args, says) => {
    const { code, out, err } = await foreshift(args, { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(says) as unknown });
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('answers a question about itself with exit code 0', async () => {
    for (const args of [['--version'], ['--help'], ['migrate', '--help'], ['audit', 'list', '--help']]) {
      const { code, out } = await foreshift(args);
      expect({ args, code }).toEqual({ args, code: 0 });
      expect(out).not.toBe('');
    }
  });

  it('says which variable of the environment is wrong, without a database’s password', async () => {
    expect(await foreshift(['local', 'status'], { FORESHIFT_PACE: 'fast' })).toMatchObject({ code: 1, err: 'foreshift: FORESHIFT_PACE is "fast"; expected "production" or "local"\n' });
    const { code, err } = await foreshift(['audit', 'verify'], { DATABASE_URL: 'mysql://root:secret@db/f' });
    expect({ code, err }).toEqual({ code: 1, err: 'foreshift: DATABASE_URL: expected postgresql://user:password@host:port/database\n' });
  });

  it('says what to start where there is no database and no server', async () => {
    expect(await foreshift(['audit', 'list'])).toMatchObject({ code: 1, err: expect.stringContaining('set DATABASE_URL, or start the local cloud with "foreshift local up"') as unknown });
    const nobody = `127.0.0.1:${await freePort()}`;
    expect(await foreshift(['status', ID], { TEMPORAL_ADDRESS: nobody })).toMatchObject({ code: 1, err: expect.stringContaining('"foreshift local up" starts one here') as unknown });
  });
});
