import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MetricsPort } from '../../src/activities/metrics-port';
import { forecastCommand } from '../../src/cli/commands/forecast';
import { readCsvHistory } from '../../src/cli/forecast/single/csv-history';
import { formatAmount, formatRange, formatSpan } from '../../src/cli/forecast/single/format-amount';
import { readInstanceHistory } from '../../src/cli/forecast/single/instance-history';
import { leadSteps } from '../../src/cli/forecast/single/lead-times';
import { WrongUsage } from '../../src/cli/report-failure';

const STEP_MS = 300_000;
const START_MS = Date.UTC(2024, 0, 1);

/** Four days of a daily wave between 20 and 40, on a five-minute grid. */
const wave = (i: number): number => 30 + 10 * Math.sin((i / 288) * 2 * Math.PI) + ((i * 7919) % 13) / 13;
const rowOf = (i: number): string => `${new Date(START_MS + i * STEP_MS).toISOString()},${wave(i).toFixed(3)}`;
const rows = (): string[] => Array.from({ length: 4 * 288 }, (_, i) => rowOf(i));
const csvOf = (lines: readonly string[]): string => `timestamp,value\n${lines.join('\n')}\n`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'forecast-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('foreshift forecast', () => {
  beforeEach(() => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

  const run = (...args: string[]): Promise<unknown> => {
    const command = forecastCommand().exitOverride();
    command.commands.forEach((one) => one.exitOverride());
    return command.parseAsync(args, { from: 'user' });
  };
  const printed = (): string => jest.mocked(console.log).mock.calls.join('\n');

  it('tells a file by lead times with median and intervals, peak, limit and the model that said so', async () => {
    await run('--csv', put('load.csv', csvOf(rows())), '--metric', 'cpuPercent', '--horizon', '2h', '--limit', '99', '--utc');
    const text = printed();
    expect(text).toMatch(/^load\.csv: 2 h from 2024-01-04 23:55 UTC, 24 steps of 5 min$/m);
    expect(text).toMatch(/^ +in +at +median +0\.1 \.\. 0\.9 +0\.05 \.\. 0\.95$/m);
    for (const lead of ['5 min   2024-01-05 00:00', '30 min  2024-01-05 00:25', '1 h     2024-01-05 00:55', '2 h     2024-01-05 01:55']) {
      expect(text.replace(/ +/g, ' ')).toMatch(new RegExp(`^ ${lead.replace(/ +/g, ' ')} \\d+\\.\\d % \\d+\\.\\d \\.\\. \\d+\\.\\d % \\d+\\.\\d \\.\\. \\d+\\.\\d %$`, 'm'));
    }
    expect(text).toMatch(/^peak within 2 h: median .* %, 0\.9 .* %, 0\.95 .* %$/m);
    expect(text).toMatch(/^limit 99\.0 %: passed with probability 0\.000$/m);
    expect(text).toMatch(/^model gate \d+, history 1152 steps since 2024-01-01 00:00$/m);
    expect(text).toMatch(/^digest [0-9a-f]{64}$/m);
  });

  it('counts on what is scheduled, and names file and field of events that it cannot read', async () => {
    const withJob = rows().map((row, i) => (i % 288 >= 24 && i % 288 < 30 ? row.replace(/[^,]+$/, (value) => String(Number(value) + 30)) : row));
    // The last job is yet to come: the history ends at 01:55, the job begins at 02:00.
    const csv = put('load.csv', csvOf(withJob.slice(0, 3 * 288 + 24)));
    const events = put('jobs.json', '[{"name":"backup","kind":"scheduledJob","cron":"0 2 * * *","durationMinutes":30}]');
    await run('--csv', csv, '--horizon', '30m', '--events', events, '--utc');
    expect(printed()).toContain('known effects were taken into account: event backup');
    await expect(run('--csv', csv, '--events', put('bad.json', '[{"name":"x"}]'))).rejects.toThrow(/bad\.json: events\[0\]\.kind: expected/);
    await expect(run('--csv', csv, '--events', join(folder, 'none.ics'))).rejects.toThrow(/none\.ics: cannot be read/);
  });

  it('gives the whole answer as JSON: every step, 19 levels that never fall, the peak, the chance of the limit', async () => {
    await run('--csv', put('load.csv', csvOf(rows())), '--horizon', '30m', '--limit', '25', '--model', 'blended', '--json');
    const answer = JSON.parse(printed()) as { levels: number[]; quantiles: number[][]; mean: number[]; peakQuantiles: number[]; probabilityAboveLimit: number; model: string };
    expect(answer).toMatchObject({ title: 'load.csv', unit: 'number', horizonMs: 1_800_000, stepMs: STEP_MS, model: 'blended', limit: 25, history: { steps: 1152, missing: 0 } });
    expect(answer.levels).toHaveLength(19);
    expect(answer.mean).toHaveLength(6);
    for (const row of [...answer.quantiles, answer.peakQuantiles]) {
      expect(row.every((value, i) => Number.isFinite(value) && value >= (row[i - 1] ?? 0))).toBe(true);
    }
    expect(answer.probabilityAboveLimit).toBeGreaterThan(0.9);
  });

  it('tells of one single value that it knows too little', async () => {
    await run('--csv', put('one.csv', csvOf(rows().slice(0, 1))), '--horizon', '10m');
    expect(printed()).toMatch(/^note: .+/m);
  });

  it.each<[string, string[], RegExp]>([
    ['neither an instance nor a file', [], /expected one of an instance id, --csv FILE, --pool/],
    ['both', ['i-0123456789abcdef0', '--csv', 'a.csv'], /expected one of an instance id, --csv FILE, --pool/],
    ['an id that is none', ['web-1'], /instanceId is "web-1"; expected an EC2 instance id/],
    ['a grid that CloudWatch does not have', ['i-0123456789abcdef0', '--step', '90s'], /--step: expected whole minutes/],
  ])('refuses %s as wrong usage', async (_, args, says) => {
    const refusal = await run(...args).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(WrongUsage);
    expect(String(refusal)).toMatch(says);
  });

  it('refuses a horizon of more steps than a forecast can have, and an unknown model, by name', async () => {
    const file = put('load.csv', csvOf(rows()));
    await expect(run('--csv', file, '--horizon', '30d')).rejects.toThrow('--horizon: expected 1..2016 steps, got 8640, of 5 min each; a longer --step looks farther');
    await expect(run('--csv', file, '--model', 'oracle')).rejects.toThrow(/--model: expected .*gate.*got oracle/);
  });

  it.each(['soon', '5', '-1h', '0m', '1w'])('refuses the time span %s', async (span) => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    await expect(run('--csv', 'load.csv', `--horizon=${span}`)).rejects.toThrow(/--horizon <span>.*Expected a time span such as 90s, 30m, 24h or 7d/);
  });
});

describe('the history of a file', () => {
  it('is the same in any order of its rows, with gaps where rows are missing and repeated times averaged', async () => {
    const kept = rows().filter((_, i) => i !== 7);
    const { values } = await readCsvHistory(put('mixed.csv', csvOf([...kept.toReversed(), `${new Date(START_MS).toISOString()},100`])), {});
    expect(values).toHaveLength(4 * 288);
    expect(values[7]).toBeNull();
    expect(values[0]).toBeCloseTo((100 + Number(wave(0).toFixed(3))) / 2);
    expect(values[8]).toBeCloseTo(wave(8), 2);
  });

  it('is read from gzip as well, and put onto a coarser grid where one is asked for', async () => {
    const { stepMs, values } = await readCsvHistory(put('load.csv.gz', gzipSync(csvOf(rows()))), { stepMs: 3_600_000 });
    expect(stepMs).toBe(3_600_000);
    expect(values).toHaveLength(97);
  });

  it('keeps to zero where it never was below', async () => {
    expect((await readCsvHistory(put('load.csv', csvOf(rows())), {})).bounds).toEqual({ lower: 0 });
    expect((await readCsvHistory(put('signed.csv', csvOf([...rows(), '2024-01-05T00:00:00Z,-1'])), {})).bounds).toEqual({});
  });

  it.each<[string, string, RegExp]>([
    ['text for a value', csvOf(['2024-01-01 00:00:00,high']), /bad\.csv, line 2, column value: expected a number or nothing, got "high"/],
    ['a time that is none', csvOf(['today,1']), /bad\.csv, line 2, column timestamp: expected an ISO 8601 time/],
    ['no header', '2024-01-01 00:00:00,1\n', /bad\.csv, line 1: expected the columns timestamp and value/],
    ['a value beyond reason', csvOf(['2024-01-01 00:00:00,1e300']), /bad\.csv: points\[0\]\.value: 1e\+300 is beyond/],
  ])('with %s is refused by file and place', async (_, text, says) => {
    await expect(readCsvHistory(put('bad.csv', text), {})).rejects.toThrow(says);
  });

  it('that is not there is refused by its name', async () => {
    await expect(readCsvHistory(join(folder, 'none.csv'), {})).rejects.toThrow(/none\.csv: cannot be read: ENOENT/);
  });
});

describe('the history of an instance', () => {
  const nowMs = START_MS + 7 * STEP_MS + 60_000;
  const options = { instanceId: 'i-0123456789abcdef0', metric: 'memoryPercent', stepMs: STEP_MS, nowMs } as const;
  const metricsOf = (values: (length: number) => (number | null)[], asked: object[] = []): MetricsPort => ({
    loadSeries: async ([instanceId = ''], range) => {
      asked.push(range);
      const length = (range.endAtMs - range.startAtMs) / range.stepMs;
      return [{ instanceId, metric: 'memoryPercent', startAtMs: range.startAtMs, stepMs: range.stepMs, values: values(length) }];
    },
    trafficIntervals: () => Promise.reject(new Error('no forecast asks for traffic')),
    lastRequests: () => Promise.reject(new Error('no forecast asks for traffic')),
    latencyQuantiles: () => Promise.reject(new Error('no forecast asks for traffic')),
  });

  it('is two weeks up to the last complete step, from its first value on, within 0..100', async () => {
    const asked: object[] = [];
    const history = await readInstanceHistory(metricsOf((length) => [...new Array<null>(length - 3).fill(null), 1, null, 3], asked), options);
    const endAtMs = START_MS + 7 * STEP_MS;
    expect(asked).toEqual([{ startAtMs: endAtMs - 14 * 86_400_000, endAtMs, stepMs: STEP_MS }]);
    expect(history).toEqual({ id: 'i-0123456789abcdef0/memoryPercent', startAtMs: endAtMs - 3 * STEP_MS, stepMs: STEP_MS, values: [1, null, 3], bounds: { lower: 0, upper: 100 } });
  });

  it('without any value is an error that names instance and metric', async () => {
    await expect(readInstanceHistory(metricsOf((length) => new Array<null>(length).fill(null)), options)).rejects.toThrow(/^i-0123456789abcdef0: CloudWatch has no memoryPercent of the last 14 days/);
  });
});

describe('what a reader sees', () => {
  it('has values with three digits or so and the unit once', () => {
    expect([0, 7.123, 41.26, 100].map((value) => formatAmount(value, 'percent'))).toEqual(['0 %', '7.12 %', '41.3 %', '100 %']);
    expect([12, 1_250, 12_500_000].map((value) => formatAmount(value, 'bytesPerSecond'))).toEqual(['12.0 B/s', '1.25 kB/s', '12.5 MB/s']);
    expect([0.0004, 0.25, -1_500].map((value) => formatAmount(value, 'number'))).toEqual(['4.0e-4', '0.250', '-1.50k']);
    expect(formatRange(10, 20, 'percent')).toBe('10.0 .. 20.0 %');
    expect(formatRange(900, 2_000, 'bytesPerSecond')).toBe('900 B/s .. 2.00 kB/s');
    expect(formatRange(1, 2, 'number')).toBe('1.00 .. 2.00');
  });

  it('has spans in the unit that tells them in whole numbers', () => {
    expect([90_000, 300_000, 7_200_000, 86_400_000, 172_800_000].map(formatSpan)).toEqual(['90 s', '5 min', '2 h', '24 h', '2 d']);
  });

  it('has the first step, the usual lead times on the grid and the last step', () => {
    expect(leadSteps(STEP_MS, 30).map((step) => (step + 1) * 5)).toEqual([5, 15, 30, 60, 120, 150]);
    expect(leadSteps(1_800_000, 48).map((step) => (step + 1) / 2)).toEqual([0.5, 1, 2, 6, 12, 24]);
    expect(leadSteps(420_000, 1)).toEqual([0]);
  });
});
