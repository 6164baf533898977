import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FORESHIFT = join(__dirname, '../../bin/foreshift.js');
const STEP_S = 1_800;
const DAY_STEPS = 48;

describe('foreshift backtest', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backtest-'));
    for (const [name, scale] of [['web', 1], ['api', 0.6]] as const) {
      const rows = Array.from({ length: 5 * DAY_STEPS }, (_, step) => `${1_700_000_000 + step * STEP_S},${(scale * (50 + 30 * Math.sin((2 * Math.PI * step) / DAY_STEPS))).toFixed(2)}`);
      await writeFile(join(folder, `${name}.csv`), `timestamp,value\n${rows.join('\n')}\n`);
    }
    await writeFile(join(folder, 'careful.json'), '{"sizing": {"overloadCostRatio": {"standard": 100}}, "shrink": false}');
    await writeFile(join(folder, 'wrong.json'), '{"sizing": {"overloadRatio": 3}}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const backtest = (...args: string[]) => run(process.execPath, [FORESHIFT, 'backtest', '--warm-up', '3d', ...args]);
  const failure = (...args: string[]): Promise<{ code: number; stderr: string }> => backtest(...args).then(() => ({ code: 0, stderr: '' }), (error: { code: number; stderr: string }) => error);

  it('compares settings and baselines on a folder of files, as JSON and as a page', async () => {
    const page = join(folder, 'page.html');
    const { stdout } = await backtest('--history', folder, '--policy', join(folder, 'careful.json'), '--compare', 'hold,oracle', '--json', '--html', page);
    const { instances, scores } = JSON.parse(stdout) as { instances: string[]; scores: { policy: string; sumUsd: number }[] };
    expect(instances).toEqual(['api', 'web']);
    expect(scores.map(({ policy }) => policy).toSorted()).toEqual(['foreshift careful', 'hold', 'oracle']);
    expect(scores[0]?.policy).toBe('oracle');
    expect(await readFile(page, 'utf8')).toMatch(/<svg[\s\S]*foreshift careful[\s\S]*<table>/);
  });

  it.each([
    [['--history', '/nowhere'], /--history: \/nowhere cannot be read/],
    [[], /expected one of --history DIR and --fleet NAME/],
    [['--history', '.', '--shape', 't3.large'], /--shape: t3.large is not known; expected a size from large on/],
    [['--history', '.', '--compare', 'best'], /Expected names out of hold, reactive, hourly-predictive, oracle/],
    [['--history', '.', '--targets', '0'], /Expected percentages from 1 to 100/],
  ])('refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const { code, stderr } = await failure(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  it('names file and field of a policy that is none', async () => {
    const { code, stderr } = await failure('--history', folder, '--policy', join(folder, 'wrong.json'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/wrong.json: overloadRatio is not a field of policy.sizing; known fields: horizonMs/);
  });
});
