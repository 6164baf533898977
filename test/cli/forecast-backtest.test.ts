import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forecastCommand } from '../../src/cli/commands/forecast';
import { describeAccuracy } from '../../src/cli/forecast/accuracy/describe-accuracy';
import { progressBar } from '../../src/cli/forecast/progress-bar';
import { WrongUsage } from '../../src/cli/report-failure';
import { createRandomStream } from '../../src/domain/seeded-random';

const START_S = Date.UTC(2024, 0, 1) / 1000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-'));
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Two and a half days of a daily wave with noise. */
function put(name: string, stepSeconds = 300): string {
  const random = createRandomStream(name.length);
  const rows = Array.from({ length: 720 }, (_, i) => `${START_S + i * stepSeconds},${(30 + 10 * Math.sin((i / 288) * 2 * Math.PI) + 3 * random()).toFixed(3)}`);
  writeFileSync(join(folder, name), `timestamp,value\n${rows.join('\n')}\n`);
  return join(folder, name);
}

const run = (...args: string[]): Promise<unknown> => {
  const command = forecastCommand().exitOverride();
  command.commands.forEach((one) => one.exitOverride());
  return command.parseAsync(args, { from: 'user' });
};
const printed = (): string => jest.mocked(console.log).mock.calls.join('\n');

describe('foreshift forecast backtest', () => {
  it('ranks models by loss beside the targets', async () => {
    await run('backtest', '--csv', put('load.csv'), '--model', 'additive,blended', '--horizon', '30m', '--origins', '3');
    const lines = printed().split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(lines[0]).toEqual(['model', 'forecasts', 'loss / naive', 'in 80 %', 'in 90 %', 'peak held']);
    expect(lines.slice(1, 3).map(([model, forecasts]) => [model, forecasts]).toSorted()).toEqual([['additive', '3'], ['blended', '3']]);
    expect(Number(lines[1]?.[2])).toBeLessThanOrEqual(Number(lines[2]?.[2]));
    expect(lines[3]).toEqual(['(target, 30 min)', '<= 0.53', '0.78..0.84', '0.85..0.95', '0.93..0.97']);
  });

  it('gives every score as JSON, of several files', async () => {
    await run('backtest', '--csv', put('a.csv'), put('bb.csv'), '--model', 'blended', '--horizon', '30m', '--origins', '2', '--json');
    const answer = JSON.parse(printed()) as { summaries: object[]; rows: { score: { steps: number } }[]; series: string[] };
    expect(answer.series).toHaveLength(2);
    expect(answer.summaries).toEqual([expect.objectContaining({ model: 'blended', forecasts: 4 })]);
    expect(answer.rows.map(({ score }) => score.steps)).toEqual([6, 6, 6, 6]);
  });

  it('refuses neither or both sources, files of different steps, and models that there are not', async () => {
    await expect(run('backtest')).rejects.toThrow(WrongUsage);
    await expect(run('backtest', 'i-0123456789abcdef0', '--csv', put('load.csv'))).rejects.toThrow('expected one of an instance id and --csv FILE');
    await expect(run('backtest', 'web-1')).rejects.toThrow(/instanceId is "web-1"/);
    await expect(run('backtest', '--csv', put('load.csv'), put('slow.csv', 600))).rejects.toThrow(/expected files of one step; .*slow.csv has 600 s, the first 300 s/);
    await expect(run('backtest', '--csv', put('load.csv'), '--model', 'prophet')).rejects.toThrow('--model: expected gate or fast-gate or blended or additive or arima or lstm, got prophet');
    await expect(run('backtest', '--csv', put('load.csv'), '--origins', '0')).rejects.toMatchObject({ exitCode: 1 });
  });
});

describe('foreshift forecast tune', () => {
  it('tells what was found, and what it is worth on the part that the search did not see', async () => {
    await run('tune', '--csv', put('load.csv'), '--trials', '2', '--origins', '1', '--horizon', '30m');
    expect(printed()).toMatch(/^best: blended/m);
    expect(printed()).toMatch(/^loss \/ naive where it was searched: \d\.\d{3} \(default settings \d\.\d{3}\)$/m);
    expect(printed()).toMatch(/^loss \/ naive on the later 30 %, which the search did not see: \d\.\d{3} \(default settings \d\.\d{3}\)$/m);
  });
});

describe('foreshift forecast --tier', () => {
  it('chooses the model where none is named', async () => {
    await run('--csv', put('load.csv'), '--horizon', '30m', '--tier', 'fast');
    await run('--csv', put('load.csv'), '--horizon', '30m', '--tier', 'fast', '--model', 'additive');
    expect(printed().match(/^model [\w-]+/gm)).toEqual(['model fast-gate', 'model additive']);
    await expect(run('--csv', put('load.csv'), '--tier', 'best')).rejects.toMatchObject({ exitCode: 1 });
  });
});

describe('the accuracy table', () => {
  const summary = { pool: 'web', metric: 'cpuPercent', horizonMs: 7_200_000, model: 'gate', forecasts: 12, relativeLoss: 0.5, absoluteError: 4.25, bias: 1.5, covered80: 0.8, covered90: 0.7, peakHeld: null } as const;

  it('shows figures beside their targets and marks those that miss them', () => {
    const [heading, row, exact] = describeAccuracy([summary, { ...summary, relativeLoss: null, horizonMs: 86_400_000, covered90: 0.9, peakHeld: 0.95 }]).split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(heading?.slice(0, 6)).toEqual(['pool', 'metric', 'horizon', 'model', 'forecasts', 'loss / naive']);
    expect(row).toEqual(['web', 'cpuPercent', '2 h', 'gate', '12', '0.500 (<= 0.53)', '4.25 %', '+1.50 %', '0.800 (0.78..0.84)', '0.700 (0.85..0.95) !', '-']);
    expect(exact?.slice(5)).toEqual(['naive is exact', '4.25 %', '+1.50 %', '0.800 (0.78..0.84)', '0.900 (0.85..0.95)', '0.950 (0.93..0.97)']);
  });

  it('has a bar for progress', () => {
    expect(progressBar(6, 12)).toBe(`${'█'.repeat(12)}${'░'.repeat(12)} 6 of 12`);
    expect(progressBar(0, 0)).toContain('0 of 0');
  });
});
