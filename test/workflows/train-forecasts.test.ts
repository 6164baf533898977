import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { businessFailure, retryableFailure } from '../../src/contracts/errors';
import type { TrainStatus } from '../../src/contracts/train-forecasts';
import { keepHistory } from './recorded-histories';
import { failureOf } from './saga-bench';
import { BLENDED, GATE, TrainBench, accuracy, evidence, untilCancelled } from './train-bench';

describe('a training of the forecasts', () => {
  let bench: TrainBench;
  beforeAll(async () => {
    bench = await TrainBench.start();
  });
  afterAll(() => bench.stop());

  it('brings history and scores up to date, looks at each pool, and forgets what is old', async () => {
    const training = bench.fresh();
    const result = await bench.run();
    expect(training.calls).toEqual(['collectHistory', 'scoreForecasts', 'lookBack', 'judgeChampion api', 'backtestModels api', 'judgeChampion web', 'backtestModels web', 'trimHistory']);
    expect(result).toMatchObject({ scored: { scored: 10 }, poolsLeft: 0, trimmed: { days: 3, forecasts: 7 } });
    expect(result.pools.map(({ pool, kind }) => [pool, kind])).toEqual([['api', 'kept'], ['web', 'kept']]);
    expect(result.pools[0]?.reason).toMatch(/^gate stays: blended is not proven to be better: loss \+5.1 %/);
  });

  it('promotes a challenger that is proven to be better, and audits the reason', async () => {
    const training = bench.fresh();
    training.evidence = { web: evidence(-0.1) };
    const { pools } = await bench.run();
    expect(training.crowned).toEqual([{ pool: 'web', model: 'blended' }]);
    expect(pools[1]).toMatchObject({ pool: 'web', kind: 'promoted', reason: expect.stringContaining('blended replaces gate: loss -9.5 %') as string });
    expect(training.audit.map(({ kind, summary }) => [kind, summary])).toEqual([['refusal', 'model of api kept'], ['decision', 'model of web promoted']]);
  });

  it('demotes a champion whose live accuracy fell, and compares nothing then', async () => {
    const training = bench.fresh();
    training.champion = { api: { choice: BLENDED, isDefault: false, recent: accuracy(-0.1), earlier: accuracy(-0.5) } };
    const { pools } = await bench.run();
    expect(training.dethroned).toEqual(['api']);
    expect(training.calls).not.toContain('backtestModels api');
    expect(pools[0]).toMatchObject({ kind: 'demoted', reason: 'blended goes: its relative loss went from 0.607 to 0.905' });
  });

  it('keeps the default model where it got worse: there is nothing to go back to', async () => {
    const training = bench.fresh();
    training.champion = { api: { choice: GATE, isDefault: true, recent: accuracy(0.5), earlier: accuracy(-0.5) } };
    const { pools } = await bench.run();
    expect(training.dethroned).toEqual([]);
    expect(pools[0]?.reason).toContain('but there is nothing to go back to');
  });

  it('tunes where it is told to, and compares what came of it', async () => {
    const training = bench.fresh();
    await bench.run({ tuneTrials: 5, continueEpochs: 2, pools: ['web'] });
    expect(training.calls.filter((call) => call.endsWith(' web'))).toEqual(['judgeChampion web', 'tuneModel web', 'continueGate web', 'backtestModels web']);
    expect(training.calls).not.toContain('judgeChampion api');
  });

  it('observes without changing a champion', async () => {
    const training = bench.fresh();
    training.evidence = { api: evidence(-0.1) };
    training.champion = { web: { choice: BLENDED, isDefault: false, recent: accuracy(-0.1), earlier: accuracy(-0.5) } };
    const { pools } = await bench.run({ mode: 'observe' });
    expect([training.crowned, training.dethroned]).toEqual([[], []]);
    expect(pools.map(({ kind }) => kind)).toEqual(['promoted', 'demoted']);
    expect(training.audit.map(({ kind, summary }) => [kind, summary])).toEqual([['refusal', 'model of api would be promoted'], ['refusal', 'model of web would be demoted']]);
  });

  it('repeats what fails for the moment', async () => {
    const training = bench.fresh();
    let failures = 0;
    training.before = async (activity) => {
      if (activity === 'collectHistory' && (failures += 1) <= 3) throw retryableFailure('Throttled', 'Rate exceeded');
    };
    await bench.run();
    expect(training.calls.filter((call) => call === 'collectHistory')).toHaveLength(4);
  });

  it('goes on with the other pools where one is refused, and audits the failure', async () => {
    const training = bench.fresh();
    training.before = async (activity, { pool }) => {
      if (activity === 'backtestModels' && pool === 'api') throw businessFailure('InvalidInput', 'model: expected gate or blended, got prophet');
    };
    const { pools } = await bench.run();
    expect(pools).toEqual([
      { pool: 'api', kind: 'failed', reason: 'model: expected gate or blended, got prophet' },
      expect.objectContaining({ pool: 'web', kind: 'kept' }),
    ]);
    expect(training.audit[0]).toMatchObject({ kind: 'failure', summary: 'model of api failed' });
  });

  it('ends when it is cancelled, in the middle of a comparison', async () => {
    const training = bench.fresh();
    training.before = async (activity) => (activity === 'backtestModels' ? untilCancelled() : undefined);
    const handle = await bench.start();
    while (!training.calls.includes('backtestModels api')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await handle.query<TrainStatus>('status')).toMatchObject({ phase: 'pools', pool: 'api', poolsDone: 0, poolsTotal: 2 });
    await handle.cancel();
    const error: unknown = await handle.result().catch((reason: unknown) => reason);
    expect(error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure).toBe(true);
    expect(training.calls).not.toContain('trimHistory');
    expect(training.audit).toEqual([]);
  });

  it('tells what it found when it is asked after its end', async () => {
    bench.fresh();
    const handle = await bench.start();
    await handle.result();
    expect(await handle.query<TrainStatus>('status')).toMatchObject({ phase: 'done', pool: null, poolsDone: 2, outcomes: [{ pool: 'api', kind: 'kept' }, { pool: 'web', kind: 'kept' }] });
  });

  it('stays below 64 KiB with more pools than it looks at, and says how many are left', async () => {
    const training = bench.fresh();
    training.pools = Array.from({ length: 120 }, (_, i) => `pool-${i}-${'x'.repeat(50)}`);
    const result = await bench.run();
    expect([result.pools.length, result.poolsLeft]).toEqual([100, 20]);
    expect(JSON.stringify(result).length).toBeLessThan(65_536);
  }, 60_000);

  it.each([
    [{ origins: 0 }, 'origins is 0; expected a whole number from 1 to 100'],
    [{ mode: 'on' }, 'mode is "on"; expected "act" or "observe"'],
    [{ horizon: 5 }, 'horizon is not a field of trainForecasts'],
    ['all', 'trainForecasts takes one JSON object'],
  ])('is refused for good with the input %j', async (input, sentence) => {
    const training = bench.fresh();
    const failure = await failureOf(bench.run(input));
    expect(failure.type).toBe('InvalidInput');
    expect(failure.message).toContain(sentence);
    expect(training.calls).toEqual([]);
  });

  const stories: Readonly<Record<string, { readonly kinds: readonly string[]; readonly given: () => void }>> = {
    'tuned-and-promoted': { kinds: ['kept', 'promoted'], given: () => (bench.training.evidence = { web: evidence(-0.1) }) },
    'demoted-and-failed': {
      kinds: ['demoted', 'failed'],
      given: () => {
        bench.training.champion = { api: { choice: BLENDED, isDefault: false, recent: accuracy(-0.1), earlier: accuracy(-0.5) } };
        bench.training.before = async (activity, { pool }) => {
          if (activity === 'judgeChampion' && pool === 'web') throw businessFailure('NotFound', 'no such pool');
        };
      },
    },
  };

  it.each(Object.keys(stories))('is kept as a history that later versions must replay: %s', async (name) => {
    bench.fresh();
    stories[name]?.given();
    const handle = await bench.start({ tuneTrials: 3 });
    expect((await handle.result()).pools.map(({ kind }) => kind)).toEqual(stories[name]?.kinds);
    await keepHistory(`train/${name}`, handle);
  });
});
