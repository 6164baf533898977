import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { simulateCommand } from '../../src/cli/commands/simulate';

const PROGRAM = join(__dirname, '../../bin/foreshift.js');
const DATA = join(__dirname, '../../../shared/data/planetlab');

/** The built program in a process of its own, where a day takes a fraction of the time that it takes inside of jest. */
const inItsOwnProcess = promisify(execFile);

/** Commander would end the process where the usage is wrong. */
const simulateCommandThatThrows = (): ReturnType<typeof simulateCommand> => {
  const command = simulateCommand();
  command.commands.forEach((child) => child.exitOverride());
  return command;
};

describe('foreshift simulate planetlab', () => {
  const folder = mkdtempSync(join(tmpdir(), 'planetlab-'));
  beforeEach(() => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, bytes: string | Buffer): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const run = (...args: string[]): Promise<unknown> => simulateCommandThatThrows().parseAsync(['planetlab', ...args], { from: 'user' });
  const said = (): string => jest.mocked(console.log).mock.calls.join('\n');
  const row = (percent: (i: number) => number): string => `vm,${Array.from({ length: 288 }, (_, i) => percent(i)).join(',')}\n`;

  /** Skipped where ../shared/data is missing. */
  (existsSync(DATA) ? it : it.skip).each([
    ['lrr-mmt', 'LRR-MMT 1.2', '20110303'],
    ['mad-mmt', 'MAD-MMT 2.5', '20110306'],
    ['peakhold', 'PeakHold 0.9', '20110322'],
    ['dvfs', 'DVFS', '20110325'],
  ])('gives for %s what the anchors give for %s on %s', async (policy, name, day) => {
    const lines = readFileSync(join(DATA, 'anchor.csv'), 'utf8').split('\n');
    const fields = (lines[0] as string).split(',').slice(2).map((field) => field.replace('KWh', 'Kwh'));
    const anchor = (lines.find((line) => line.startsWith(`${day},${name},`)) as string).split(',').slice(2).map(Number);
    const { stdout } = await inItsOwnProcess(process.execPath, [PROGRAM, 'simulate', 'planetlab', '--trace', join(DATA, `${day}.csv.gz`), '--policy', policy, '--json']);
    const result = JSON.parse(stdout) as Record<string, number>;
    expect(result).toMatchObject({ day, policy });
    fields.forEach((field, i) => {
      const expected = anchor[i] as number;
      const tolerance = ['migrations', 'shutdowns'].includes(field) ? 0 : 1e-6 * expected;
      expect({ field, matches: Math.abs((result[field] as number) - expected) <= tolerance }).toEqual({ field, matches: true });
    });
  });

  /** Skipped where ../shared/data is missing. */
  (existsSync(DATA) ? it : it.skip)('saves energy with foreshift against the anchor of PeakHold, with less of the demand unserved', async () => {
    const peakhold = readFileSync(join(DATA, 'anchor.csv'), 'utf8').match(/^20110306,PeakHold 0.9,(.*)$/m)?.[1]?.split(',').map(Number) as number[];
    const { stdout } = await inItsOwnProcess(process.execPath, [PROGRAM, 'simulate', 'planetlab', '--trace', join(DATA, '20110306.csv.gz'), '--policy', 'foreshift', '--json']);
    const { energyKwh, slav, slaOverall } = JSON.parse(stdout) as Record<string, number>;
    expect(energyKwh).toBeLessThan(0.93 * (peakhold[0] as number));
    expect(slav).toBeLessThan(0.2 * (peakhold[2] as number));
    expect(slaOverall).toBeLessThan(0.9 * (peakhold[5] as number));
  });

  it('prints the documented fields, and no NaN for a day on which nothing runs', async () => {
    await run('--trace', put('idle.csv.gz', gzipSync(row(() => 0).repeat(4))), '--policy', 'lrr-mmt', '--json');
    const result = JSON.parse(said()) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual(['day', 'policy', 'energyKwh', 'migrations', 'slav', 'slatah', 'pdm', 'slaOverall', 'esv', 'shutdowns', 'seconds']);
    expect(result).toMatchObject({ day: 'idle', energyKwh: 0, migrations: 0, slav: 0, slatah: 0, pdm: 0, slaOverall: 0, esv: 0, shutdowns: 800 });
  });

  it('says the same for people', async () => {
    await run('--trace', put('day.csv', row((i) => 20 + (i % 7)).repeat(8)), '--policy', 'dvfs');
    expect(said()).toMatch(/^dvfs on day \(.* s\)\n {2}energy +\d+\.\d\d kWh\n {2}migrations +0\n/);
  });

  it.each<[string, () => string[], RegExp]>([
    ['a policy that is none', () => ['--trace', 'day.csv', '--policy', 'best'], /--policy <name>' argument 'best' is invalid. Allowed choices are foreshift, lrr-mmt, /],
    ['no trace', () => ['--policy', 'dvfs'], /required option '--trace <file>'/],
    ['a file that is not there', () => ['--trace', 'nowhere.csv', '--policy', 'dvfs'], /nowhere.csv: cannot be read: ENOENT/],
    ['a sample that is none', () => ['--trace', put('odd.csv', row((i) => (i === 9 ? 140 : 1))), '--policy', 'dvfs'], /odd.csv: line 1, v9 is "140"; expected a whole number from 0 to 100/],
    ['a broken archive', () => ['--trace', put('cut.csv.gz', gzipSync(row((i) => i % 50)).subarray(0, 60)), '--policy', 'dvfs'], /cut.csv.gz: unexpected end of file/],
    ['more VMs than the hosts can take', () => ['--trace', put('many.csv', row(() => 1).repeat(5000)), '--policy', 'dvfs'], /the trace has 5000 VMs, of which number \d+ finds no host/],
  ])('answers %s with what was expected', async (_, args, says) => {
    await expect(run(...args())).rejects.toThrow(says);
  });
});
