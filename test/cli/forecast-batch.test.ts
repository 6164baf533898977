import { PassThrough, Readable } from 'node:stream';
import { forecastBatchCommand } from '../../src/cli/commands/forecast-batch';
import { gatherChunks } from '../../src/cli/forecast/batch/gather-chunks';
import { parseTask } from '../../src/cli/forecast/batch/parse-task';
import { readLines } from '../../src/cli/forecast/read-lines';
import { showProgress } from '../../src/cli/forecast/show-progress';
import { WrongUsage } from '../../src/cli/report-failure';

interface Answer {
  readonly id: string;
  readonly mean: number[];
  readonly quantiles: Record<string, number[]>;
  readonly seconds: number;
}

const STEP_S = 300;

/** Two days of a daily wave that touches zero. */
const taskOf = (id: string, more: object = {}): Record<string, unknown> => {
  const timestamps = Array.from({ length: 576 }, (_, i) => 1_700_000_000 + i * STEP_S);
  const values = timestamps.map((_, i) => Math.max(0, 10 * Math.sin((i / 288) * 2 * Math.PI) + ((i * 7919) % 13) / 13));
  return { id, series_id: 's', family: 'made', kind: 'short', freq_seconds: STEP_S, horizon: 6, lower_bound: 0, timestamps, values, ...more };
};
const lineOf = (id: string, more: object = {}): string => JSON.stringify(taskOf(id, more));

describe('foreshift forecast batch', () => {
  beforeEach(() => jest.spyOn(console, 'error').mockImplementation(() => undefined));
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = 0;
  });

  const run = async (input: string, ...args: string[]): Promise<Answer[]> => {
    const output = new PassThrough();
    const streams = { input: Readable.from([Buffer.from(input)]), output };
    const written = output.toArray();
    await forecastBatchCommand(streams).exitOverride().parseAsync(['--threads', '1', ...args], { from: 'user' }).finally(() => output.end());
    const text = Buffer.concat((await written) as Buffer[]).toString();
    return text === '' ? [] : text.trimEnd().split('\n').map((line) => JSON.parse(line) as Answer);
  };
  const said = (): string => jest.mocked(console.error).mock.calls.join('\n');

  it('answers each task with mean, all 19 quantiles and the seconds it took, within the lower bound', async () => {
    const answers = await run(`${lineOf('a')}\n\n${lineOf('b', { horizon: 12, lower_bound: null })}\n`);
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    expect([...byId.keys()].sort()).toEqual(['a', 'b']);
    for (const [id, horizon] of [['a', 6], ['b', 12]] as const) {
      const { mean, quantiles, seconds } = byId.get(id) as Answer;
      expect(mean).toHaveLength(horizon);
      expect(Object.keys(quantiles)).toEqual(Array.from({ length: 19 }, (_, i) => ((i + 1) / 20).toFixed(2)));
      expect(Object.values(quantiles).every((row) => row.length === horizon)).toBe(true);
      expect(seconds).toBeGreaterThan(0);
    }
    expect(Math.min(...(byId.get('a') as Answer).mean, ...Object.values((byId.get('a') as Answer).quantiles).flat())).toBeGreaterThanOrEqual(0);
    expect(process.exitCode ?? 0).toBe(0);
    expect(said()).toBe('');
  });

  it('names line and field of what it cannot answer, answers the others, and ends with exit code 1', async () => {
    const values = [...(taskOf('x')['values'] as number[])];
    values[17] = 'high' as unknown as number;
    const answers = await run([lineOf('a'), '{"id":', lineOf('c', { values }), lineOf('d'), lineOf('e', { horizon: 0 })].join('\n'));
    expect(answers.map(({ id }) => id).sort()).toEqual(['a', 'd']);
    expect(said()).toMatch(/line 2: the line: it is no JSON/);
    expect(said()).toMatch(/line 3: values\[17\]: expected a number or null, got "high"/);
    expect(said()).toMatch(/line 5: horizon: expected 1\.\.2016 steps, got 0/);
    expect(said()).toMatch(/3 of 5 tasks were not answered/);
    expect(process.exitCode).toBe(1);
  });

  it('forecasts with the model that is named, and refuses an unknown one with the names that there are', async () => {
    const [blended] = await run(lineOf('a'), '--model', 'blended');
    const [additive] = await run(lineOf('a'), '--model', 'additive');
    expect(additive?.mean).not.toEqual(blended?.mean);
    const refusal = run(lineOf('a'), '--model', 'oracle');
    await expect(refusal).rejects.toThrow(/--model: expected .*blended.*got oracle/);
    await expect(refusal).rejects.toBeInstanceOf(WrongUsage);
  });
});

describe('a task line', () => {
  it.each<[string, string, RegExp]>([
    ['a list', '[1]', /^the line: expected a JSON object, got \[1\]/],
    ['no id', lineOf(''), /^id: expected a name, got ""/],
    ['a step of nothing', lineOf('a', { freq_seconds: 0 }), /^freq_seconds: expected a positive number, got 0/],
    ['a horizon in words', lineOf('a', { horizon: 'day' }), /^horizon: expected 1\.\.2016 steps, got day/],
    ['a bound that is no number', lineOf('a', { lower_bound: '0' }), /^lower_bound: expected a number or null, got "0"/],
    ['no timestamps', lineOf('a', { timestamps: undefined }), /^timestamps: expected a list of Unix times in seconds, got nothing/],
    ['a timestamp in words', lineOf('a', { timestamps: ['now'], values: [1] }), /^timestamps\[0\]: expected a Unix time in seconds, got "now"/],
    ['fewer values than timestamps', lineOf('a', { values: [1] }), /^values: expected one for each of the 576 timestamps, got 1/],
    ['nothing but gaps', lineOf('a', { timestamps: [0, 300], values: [null, null] }), /^values: there is no value to forecast from/],
    ['a value beyond all use', lineOf('a', { timestamps: [0], values: [1e300] }), /^values\[0\]: 1e\+300 is beyond/],
    ['times that are centuries apart', lineOf('a', { timestamps: [0, 1e11], values: [1, 2] }), /^timestamps: times from 0 to .* make \d+ steps/],
  ])('with %s is refused', (_, line, says) => {
    expect(() => parseTask(line)).toThrow(says);
  });

  it('says what is known beside the load, on its grid', () => {
    const events = [{ name: 'sale', kind: 'campaign', start: 1000, end: 2000 }];
    const { series } = parseTask(lineOf('a', { timestamps: [0, 300], values: [4, 1], events, regressors: [{ name: 'r', timestamps: [300, 600], values: [7, 8] }] }));
    expect(series.events).toEqual([{ name: 'sale', kind: 'campaign', startAtMs: 1_000_000, endAtMs: 2_000_000 }]);
    expect(series.regressors).toEqual([{ name: 'r', startAtMs: 300_000, values: [7, 8] }]);
    const refused = (more: object) => () => parseTask(lineOf('a', more));
    expect(refused({ events: [{ ...events[0], kind: 'party' }] })).toThrow('events[0].kind: expected maintenance');
    expect(refused({ events: [{ name: 'x', kind: 'campaign', start: 5, end: 1 }] })).toThrow('events[0].end: expected a Unix time in seconds after the start');
    expect(refused({ regressors: [{ name: 'r', timestamps: [7], values: [1] }] })).toThrow('regressors[0].timestamps: expected times on the grid');
    expect(refused({ regressors: [{ name: 'r', timestamps: [0], values: ['x'] }] })).toThrow('regressors[0].values[0]: expected a number');
  });

  it('keeps its gaps, puts points in another order onto the grid, and takes one value for a history', () => {
    const { series } = parseTask(lineOf('a', { timestamps: [900, 0, 300], values: [4, 1, null] }));
    expect(series).toMatchObject({ startAtMs: 0, stepMs: 300_000, values: [1, null, null, 4], bounds: { lower: 0 } });
    expect(parseTask(lineOf('a', { timestamps: [900], values: [4] })).series.values).toEqual([4]);
  });
});

describe('chunks of tasks', () => {
  it('hold few enough that an endless input does not fill the memory', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<string> {
      for (;;) yield lineOf(`t${read++}`, { timestamps: [0, 300], values: [1, 2] });
    }
    for await (const chunk of gatherChunks(endless())) {
      expect(chunk.tasks.length).toBe(read);
      break;
    }
    expect(read).toBeLessThanOrEqual(512);
  });
});

describe('lines', () => {
  it('come out whole, however the bytes are cut, also in the middle of a character', async () => {
    const bytes = Buffer.from('größe\n\nzwei\nohne Ende 🚚');
    const cut = Readable.from(Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)));
    const lines: string[] = [];
    for await (const line of readLines(cut)) lines.push(line);
    expect(lines).toEqual(['größe', '', 'zwei', 'ohne Ende 🚚']);
  });
});

describe('progress', () => {
  it('is shown on a terminal only', () => {
    const written: string[] = [];
    let nowMs = 0;
    const write = (text: string): number => written.push(text);
    showProgress({ write }, 'series').show(10);
    expect(written).toEqual([]);
    const progress = showProgress({ isTTY: true, write }, 'series', () => nowMs);
    nowMs = 2000;
    progress.show(10);
    expect(written.join('')).toContain('10 series, 5/s');
  });
});
