import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { detectCommand } from '../../src/cli/commands/detect';
import type { ScoredFile } from '../../src/cli/detect/score-csv-file';
import { parseSeriesCsv } from '../../src/cli/detect/series-csv';
import { WrongUsage } from '../../src/cli/report-failure';

describe('foreshift detect', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'detect-'));
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = 0;
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (path: string): string => join(folder, path);
  const put = (path: string, text: string): string => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
    return at(path);
  };
  const run = (...args: string[]): Promise<unknown> => detectCommand().exitOverride().parseAsync(args, { from: 'user' });
  const said = (): string => jest.mocked(console.error).mock.calls.join('\n');

  /** A wavy load with one spike at row 300. */
  const spiky = (): string => {
    const rows = Array.from({ length: 400 }, (_, i) => `${new Date(i * 300_000).toISOString()},${i === 300 ? 500 : 20 + Math.sin(i / 5)}`);
    return `timestamp,value\n${rows.join('\n')}\n`;
  };

  it('writes each row again, in order, with a score in 0..1 that is highest at the spike', async () => {
    const input = put('in.csv', spiky());
    await run('--csv', input, '--out', at('out.csv'));
    const [header, ...rows] = readFileSync(at('out.csv'), 'utf8').trimEnd().split('\n');
    expect(header).toBe('timestamp,value,anomaly_score');
    expect(rows.map((row) => row.split(',').slice(0, 2).join(','))).toEqual(spiky().trimEnd().split('\n').slice(1));
    const scores = rows.map((row) => Number(row.split(',')[2]));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(scores.indexOf(Math.max(...scores))).toBe(300);
  });

  it('scores every CSV below a folder at the same path below the other, and says so as JSON', async () => {
    put('in/a/one.csv', spiky());
    put('in/b/c/two.csv', spiky());
    put('in/notes.txt', 'no series');
    await run('--dir', at('in'), '--out', at('out'), '--json');
    expect(readdirSync(at('out'), { recursive: true }).sort()).toEqual(['a', 'a/one.csv', 'b', 'b/c', 'b/c/two.csv']);
    const summary = JSON.parse(String(jest.mocked(console.log).mock.calls[0]?.[0])) as { scored: ScoredFile[]; failed: string[] };
    expect(summary.failed).toEqual([]);
    expect(summary.scored).toMatchObject([{ rows: 400 }, { rows: 400 }]);
    expect(summary.scored[0]?.events.map(({ from }) => from)).toContain(new Date(300 * 300_000).toISOString());
    expect(said()).toContain(`2/2 ${at('in/b/c/two.csv')}`);
  });

  it('scores the other files where one is damaged, leaves nothing for that one, and fails', async () => {
    put('in/bad.csv', 'timestamp,value\n2024-01-01 00:00:00,1\n2024-01-01 00:05:00,high\n');
    put('in/good.csv', spiky());
    await run('--dir', at('in'), '--out', at('out'));
    expect(readdirSync(at('out'))).toEqual(['good.csv']);
    expect(said()).toContain(`${at('in/bad.csv')}: row 3, column value: expected a finite number, got "high"`);
    expect(process.exitCode).toBe(1);
  });

  it.each<[string, string[], RegExp]>([
    ['neither a file nor a folder', ['--out', 'o'], /expected one of --csv FILE and --dir FOLDER/],
    ['both', ['--csv', 'a.csv', '--dir', 'd', '--out', 'o'], /expected one of --csv FILE and --dir FOLDER/],
    ['an output that is the input', ['--csv', 'a.csv', '--out', './a.csv'], /--out: expected another file/],
    ['an output below the input', ['--dir', 'd', '--out', 'd/out'], /--out: expected a folder outside/],
  ])('refuses %s as wrong usage', async (_, args, says) => {
    const refusal = await run(...args).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(WrongUsage);
    expect(String(refusal)).toMatch(says);
  });

  it('keeps what stood at the output where the input cannot be read', async () => {
    put('out.csv', 'earlier');
    await run('--csv', at('missing.csv'), '--out', at('out.csv'));
    expect(readFileSync(at('out.csv'), 'utf8')).toBe('earlier');
    expect(process.exitCode).toBe(1);
  });
});

describe('a CSV of a series', () => {
  const row = (value: string, time = '2024-01-01 00:00:00'): string => `timestamp,value\n${time},${value}\n`;

  it.each<[string, string, string]>([
    ['nothing', '', 'row 1: the file is empty'],
    ['a header alone', 'timestamp,value\n', 'row 2: there is no row'],
    ['no column of values', 'timestamp,load\n1,2\n', 'row 1, column value: it is missing; the columns are timestamp, load'],
    ['no column of times', 'time,value\n1,2\n', 'row 1, column timestamp: it is missing'],
    ['text', row('high'), 'row 2, column value: expected a finite number, got "high"'],
    ['NaN', row('NaN'), 'row 2, column value: expected a finite number, got "NaN"'],
    ['infinity', row('-Infinity'), 'row 2, column value: expected a finite number, got "-Infinity"'],
    ['an overflow', row('1e999'), 'row 2, column value: expected a finite number'],
    ['a number beyond reason', row('1e308'), 'row 2, column value: 1e+308 is beyond'],
    ['a hexadecimal number', row('0x10'), 'row 2, column value: expected a finite number'],
    ['a time that is none', row('1', 'yesterday'), 'row 2, column timestamp: expected a time such as 2024-01-31 14:30:00, got "yesterday"'],
    ['an open quote', 'timestamp,value\n"1,2\n', 'the file: it is not a CSV'],
  ])('of %s is refused, naming row and column', (_, text, says) => {
    expect(() => parseSeriesCsv(text)).toThrow(says);
  });

  it('may have a byte order mark, other columns, gaps, repeated and reversed times', () => {
    const rows = parseSeriesCsv('\uFEFFhost,Timestamp,Value\r\nb,2024-01-01 00:05:00,1\r\nb,2024-01-01 00:05:00,\r\nb,2024-01-01 00:00:00,-2.5e3\r\n');
    expect(rows.map(({ value }) => value)).toEqual([1, null, -2500]);
    expect(rows[2]?.timestampText).toBe('2024-01-01 00:00:00');
  });

  it.each<[string, string, string]>([
    ['a wall-clock time without a zone, as UTC', '2024-07-01 14:30:00', '2024-07-01T14:30:00.000Z'],
    ['the same with a T and fractions', '2024-07-01T14:30:00.250', '2024-07-01T14:30:00.250Z'],
    ['a time with a zone', '2024-07-01T14:30:00+02:00', '2024-07-01T12:30:00.000Z'],
    ['UTC as such', '2024-07-01T14:30:00Z', '2024-07-01T14:30:00.000Z'],
    ['Unix seconds', '1719844200', '2024-07-01T14:30:00.000Z'],
    ['Unix milliseconds', '1719844200000', '2024-07-01T14:30:00.000Z'],
  ])('may tell %s', (_, time, means) => {
    expect(parseSeriesCsv(row('1', time))[0]?.atMs).toBe(Date.parse(means));
  });
});
