import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settle } from '../../src/cli/settings/settle';
import { takeGlobalOptions } from '../../src/cli/settings/global-options';

const PROGRAM = join(__dirname, '../../bin/foreshift.js');

describe('Settings', () => {
  it('come from flags, then the environment, then the file, then the profile', () => {
    const say = (value: string) => ({ TEMPORAL_ADDRESS: value });
    const said = { flag: say('flag:1'), environment: say('environment:1'), file: say('file:1'), profile: say('profile:1') };
    const winners = (['flag', 'environment', 'file', 'profile'] as const).map((_, i, order) => settle({ ...said, ...Object.fromEntries(order.slice(0, i).map((source) => [source, {}])) }));
    expect(winners.map((settled) => settled.map(({ value, source }) => `${value} by ${source}`))).toEqual([['flag:1 by flag'], ['environment:1 by environment'], ['file:1 by file'], ['profile:1 by profile']]);
    expect(settle({ flag: {}, environment: { TEMPORAL_ADDRESS: '' }, file: say('file:1'), profile: {} })).toEqual([{ variable: 'TEMPORAL_ADDRESS', value: 'file:1', source: 'file' }]);
    expect(settle({ flag: {}, environment: { AWS_DEFAULT_REGION: 'eu-west-1' }, file: { AWS_REGION: 'us-west-2' }, profile: {} })).toEqual([{ variable: 'AWS_REGION', value: 'eu-west-1', source: 'environment' }]);
  });

  it('of all commands stand before the command, and what follows is its own', () => {
    expect(takeGlobalOptions(['--profile', 'prod', '--config=a.yaml', 'audit', 'list', '--config', 'b'])).toEqual({ options: { profile: 'prod', config: 'a.yaml' }, rest: ['audit', 'list', '--config', 'b'] });
    expect(takeGlobalOptions(['--version'])).toEqual({ options: {}, rest: ['--version'] });
    expect(takeGlobalOptions([])).toEqual({ options: {}, rest: [] });
  });

  describe('of a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    const config = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<{ code: number; out: string; err: string }> =>
      new Promise((resolve) => {
        execFile(process.execPath, [PROGRAM, ...args, 'config', '--json'], { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ...env } }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
      });

    it('in the folder hold with their profile; its files are named from it, and no password is shown', async () => {
      write('foreshift.yaml', 'temporalProfile: cloud\ntemporalConfigFile: temporal.toml\ntaskQueue: moves\n');
      write('temporal.toml', '[profile.cloud]\naddress = "x.tmprl.cloud:7233"\nnamespace = "x.y"\napi_key = "top-secret"\n');
      const { code, out } = await config(['--namespace', 'mine'], { DATABASE_URL: 'postgres://u:hidden@db/f' });
      expect(code).toBe(0);
      const found = (JSON.parse(out) as { settings: { key: string; value: string | null; source: string | null }[] }).settings.flatMap(({ key, value, source }) => (value === null ? [] : [`${key}=${value} (${source ?? ''})`]));
      expect(found).toEqual([
        'temporalProfile=cloud (file)',
        `temporalConfigFile=${join(folder, 'temporal.toml')} (file)`,
        'temporalAddress=x.tmprl.cloud:7233 (profile)',
        'temporalNamespace=mine (flag)',
        'taskQueue=moves (file)',
        'databaseUrl=postgres://u:***@db/f (environment)',
      ]);
      expect(out).not.toMatch(/hidden|top-secret/);
    });

    it.each<[string, string, RegExp]>([
      ['a key that is none', 'taskqueue: moves', /"taskqueue" is no setting; expected one of temporalProfile, /],
      ['a value that is no text', 'regions: [us-west-2]', /regions is \["us-west-2"\]; expected a text: other regions/],
      ['a password', 'databaseUrl: postgres://u:p@h/d', /databaseUrl holds a password; expected it in DATABASE_URL/],
      ['a profile that is not there', 'temporalProfile: nope\ntemporalConfigFile: empty.toml', /the Temporal profile "nope": Profile 'nope' not found/],
      ['a file of no profiles', 'temporalProfile: nope\ntemporalConfigFile: none.toml', /the Temporal profile "nope": the configuration file has no \[profile.NAME\]/],
      ['a list', '- a', /expected settings, a "key: value" a line/],
    ])('are refused for %s, before anything is done', async (_, text, says) => {
      write('wrong.yaml', text);
      write('empty.toml', '[profile.other]\n');
      write('none.toml', '');
      expect(await config(['--config', 'wrong.yaml'])).toEqual({ code: 2, out: '', err: expect.stringMatching(says) as unknown });
    });

    it('that is named and not there are an error', async () => {
      expect(await config([], { FORESHIFT_CONFIG: 'gone.yaml' })).toMatchObject({ code: 2, err: 'foreshift: gone.yaml: there is no such settings file\n' });
    });
  });
});
