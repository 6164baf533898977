import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const LARGEST_BYTES = 2_000_000;

/** Licences that let anybody use, change and pass on, alone or joined by AND. */
const PERMISSIVE = ['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'Zlib', 'CC0-1.0'];
/** Of what only builds and tests: it asks something of those who change its own files. */
const OF_TOOLS = ['MPL-2.0'];
/** Packages that say it elsewhere, or are under something else, each with why it may stay. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  'node_modules/unionfs': 'Unlicense, by its LICENSE file',
  'node_modules/caniuse-lite': 'CC-BY-4.0: data, read when workflows are bundled and not passed on',
};

const SECRETS: Readonly<Record<string, RegExp>> = {
  'an AWS access key': /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/,
  "a token of Slack's": /\bxox[abprs]-[0-9A-Za-z-]{10,}/,
  "a webhook of Slack's": /hooks\.slack\.com\/services\/T[0-9A-Z]{6,}\//,
  "a token of GitHub's": /\bgh[pousr]_[0-9A-Za-z]{30,}/,
  'a password in an address': /\b[a-z][a-z+]*:\/\/[^\s:/@'"`$]+:(?!password|secret|p@|pass|\$)[^\s:/@'"`$]{6,}@(?!127\.0\.0\.1|localhost|host|db)/,
};

function filesOfRepository(): string[] {
  try {
    return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] }).toString().split('\0').filter((file) => file !== '');
  } catch {
    return [];
  }
}

describe('the repository', () => {
  const files = filesOfRepository();

  it('depends only on packages whose licences let anybody use them', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, { license?: string; dev?: boolean; devOptional?: boolean }> };
    const unclear = Object.entries(packages)
      .filter(([path]) => path !== '' && LOOKED_AT[path] === undefined)
      .filter(([, { license = '', dev, devOptional }]) => {
        const allowed = dev === true || devOptional === true ? [...PERMISSIVE, ...OF_TOOLS] : PERMISSIVE;
        return !license.replaceAll(/[()]/g, '').split(' OR ').some((choice) => choice.split(' AND ').every((one) => allowed.includes(one)));
      })
      .map(([path, { license }]) => `${path}: ${license ?? 'none'}`);
    expect(unclear).toEqual([]);
    expect(Object.keys(LOOKED_AT).filter((path) => packages[path] === undefined)).toEqual([]);
  });

  (files.length === 0 ? it.skip : it)('holds no secret (needs a checkout of git)', () => {
    const found = files.flatMap((file) => {
      const path = join(ROOT, file);
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size === 0 || size > LARGEST_BYTES) return [];
      const text = readFileSync(path, 'utf8');
      return Object.entries(SECRETS).flatMap(([what, pattern]) => (pattern.test(text) ? [`${file}: ${what}`] : []));
    });
    expect(found).toEqual([]);
  });

  it.each([
    ['an AWS access key', `key = ${'AKIA'}${'ABCDEFGHIJKLMNOP'}`],
    ['a private key', `-----BEGIN ${'PRIVATE'} KEY-----\n${'M'.repeat(64)}`],
    ["a token of Slack's", `${'xoxb'}-1234567890-abc`],
    ['a password in an address', `postgresql://${'shop'}:${'hunter22'}@prod.example.com/shop`],
  ])('would not hold %s unnoticed', (what, text) => {
    expect(SECRETS[what]?.test(text)).toBe(true);
  });
});
