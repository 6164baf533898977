import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forecastCommand } from '../../src/cli/commands/forecast';
import { timeTicks } from '../../src/cli/forecast/plot/time-ticks';
import { valueTicks } from '../../src/cli/forecast/plot/value-ticks';
import { UTC } from '../../src/cli/forecast/single/time-zone';

const STEP_MS = 300_000;
const START_MS = Date.UTC(2024, 0, 1);

let folder: string;
let load: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plot-'));
  load = join(folder, 'load <1> & more.csv');
  const rows = Array.from({ length: 3 * 288 }, (_, i) => `${new Date(START_MS + i * STEP_MS).toISOString()},${(30 + 10 * Math.sin((i / 288) * 2 * Math.PI)).toFixed(2)}`);
  writeFileSync(load, `timestamp,value\n${rows.join('\n')}\n`);
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<unknown> => forecastCommand().exitOverride().parseAsync(['--csv', load, '--utc', ...args], { from: 'user' });
const printed = (): string => jest.mocked(console.log).mock.calls.join('\n');

describe('foreshift forecast --plot', () => {
  it('draws past, intervals, median and limit on the terminal, with an axis of values and one of times', async () => {
    await run('--metric', 'cpuPercent', '--limit', '50', '--plot', 'term');
    const text = printed();
    for (const sign of ['░', '▓', '━', '╌', '└', '┴']) expect(text).toContain(sign);
    expect(text).toMatch(/[\u2801-\u28ff]/);
    expect(text).toContain('limit 50.0 %');
    expect(text).toContain('time in UTC');
  });

  it('writes a PNG of twice 1080 x 540 pixels', async () => {
    const out = join(folder, 'a.png');
    await run('--horizon', '1h', '--plot', 'png', '--out', out);
    const picture = readFileSync(out);
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([2160, 1080]);
  });

  it('writes a page that needs nothing else and in which a file name is no markup', async () => {
    const out = join(folder, 'a.html');
    await run('--horizon', '1h', '--limit', '50', '--plot', 'html', '--out', out);
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('load &lt;1&gt; &amp; more.csv');
    expect(page).not.toContain('load <1>');
    expect(page).not.toMatch(/<script|<link|src=|url\(/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each<[string, string[], RegExp]>([
    ['a picture without a file', ['--plot', 'png'], /--out: expected a file for --plot png/],
    ['a file without a picture', ['--out', 'a.png'], /--out: expected only with --plot png and --plot html/],
    ['a drawing among JSON', ['--plot', 'term', '--json'], /--plot term: expected without --json/],
    ['a kind that is none', ['--plot', 'gif'], /Allowed choices are term, png, html/],
  ])('refuses %s', async (_, args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });

  it('names the place that it cannot write to', async () => {
    await expect(run('--horizon', '10m', '--plot', 'html', '--out', join(folder, 'no', 'a.html'))).rejects.toThrow(/ENOENT.*a\.html/);
  });
});

describe('axes', () => {
  it.each([
    ['a flat load in the middle', [5, 5], {}],
    ['values near zero', [0, 1e-7], { lower: 0 }],
    ['huge values', [-1e18, 1e18], {}],
  ])('enclose %s with few, rising ticks', (_, values, bounds) => {
    const ticks = valueTicks(values, bounds);
    expect(ticks.length).toBeLessThanOrEqual(9);
    expect(ticks.every((tick, i) => Number.isFinite(tick) && tick > (ticks[i - 1] ?? -Infinity))).toBe(true);
    expect(ticks[0]).toBeLessThanOrEqual(Math.min(...values));
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(Math.max(...values));
  });

  it('show percentages from zero where the lowest is far below the highest, and never below their bound', () => {
    expect(valueTicks([4, 60], { lower: 0, upper: 100 })[0]).toBe(0);
  });

  it('put times at round hours and tell each day once', () => {
    const ticks = timeTicks(START_MS + 17 * 60_000, START_MS + 2 * 86_400_000, 10, UTC);
    expect(ticks.every(({ atMs }) => atMs % 3_600_000 === 0)).toBe(true);
    expect(ticks.length).toBeLessThanOrEqual(10);
    expect(ticks.filter(({ day }) => day !== null)).toHaveLength(new Set(ticks.map(({ atMs }) => Math.floor(atMs / 86_400_000))).size);
  });
});
