import type { AccuracyStore, DueForecast, ScoredForecast } from '../../src/activities/accuracy-port';
import type { InstanceFacts } from '../../src/activities/compute-port';
import type { Champion, ModelCandidate, ModelStore } from '../../src/activities/model-port';
import { createTrainActivities } from '../../src/activities/train-activities';
import { withStoredWeights } from '../../src/activities/with-stored-weights';
import type { CollectedMetric } from '../../src/domain/collected-metric';
import { DEFAULT_SETTINGS } from '../../src/domain/model-choice';
import { createRandomStream } from '../../src/domain/seeded-random';
import { answerRequests } from '../../src/forecasting/answer-requests';
import { shippedGates } from '../../src/forecasting/gate/shipped-gates';
import { toWeightsFile, type WeightsFile } from '../../src/forecasting/gate/weights-file';
import { loadTensorBackend } from '../../src/forecasting/tensor-backend';
import { continueGate } from '../../src/forecasting/training/continue-gate';
import { FACTS, TRAFFIC, portOf } from './fake-ports';
import { memoryCalibrations } from './memory-calibrations';
import { memoryHistory } from './memory-history';

const STEP = 300_000;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 20, 12, 2);
const END = NOW - 2 * 60_000;

/** CPU of an instance: a day's wave and some noise. */
function cpuAt(instanceId: string, atMs: number): number {
  const random = createRandomStream(atMs / STEP + instanceId.length * 7919 + instanceId.charCodeAt(2));
  return 40 + 25 * Math.sin((2 * Math.PI * atMs) / DAY) + 6 * random();
}

describe('the steps of a training', () => {
  const fleet = ['i-a', 'i-b'].map((instanceId): InstanceFacts => ({ ...FACTS, instanceId, tags: { 'foreshift:fleet': 'demo', 'foreshift:service': 'web' } }));
  let champions: Champion[];
  let candidates: ModelCandidate[];
  let backtests: string[];
  let due: DueForecast[];
  let scores: ScoredForecast[];

  const activitiesOf = (days: number) => {
    [champions, candidates, backtests, due, scores] = [[], [], [], [], []];
    const weights = new Map<string, WeightsFile>();
    const models: ModelStore = {
      champions: async (pools) => champions.filter(({ pool }) => pools.includes(pool)),
      crown: async (champion) => void (champions = [...champions.filter(({ pool }) => pool !== champion.pool), champion]),
      dethrone: async (gone) => void (champions = champions.filter(({ pool }) => pool !== gone)),
      saveCandidate: async (candidate) => void candidates.push(candidate),
      candidates: async (pool) => candidates.filter((candidate) => candidate.pool === pool),
      saveWeights: async (id, one) => void weights.set(id, one),
      weights: async () => weights,
      saveBacktest: async (id) => void backtests.push(id),
    };
    const accuracy = portOf<AccuracyStore>({
      due: async ({ limit }) => due.filter(({ forecastId }) => !scores.some((score) => score.forecastId === forecastId)).slice(0, limit),
      countDue: async () => due.length - new Set(scores.map(({ forecastId }) => forecastId)).size,
      save: async (more) => void scores.push(...more),
      window: async () => ({ subjects: 0, forecasts: 0, meanLogRatio: null, standardError: null, covered90: null }),
      deleteBefore: async () => 5,
    });
    return createTrainActivities({
      compute: { listTagged: async () => fleet },
      balancer: { bindingsOf: async () => [TRAFFIC] },
      source: {
        readWindow: async ({ keys, startAtMs, endAtMs }) => ({
          metricsRequested: keys.length,
          series: keys.map((key) => ({
            key,
            points: key.metric === ('cpuPercent' satisfies CollectedMetric) ? Array.from({ length: (endAtMs - startAtMs) / STEP }, (_, i) => startAtMs + i * STEP).filter((atMs) => atMs >= END - days * DAY).map((atMs) => ({ atMs, value: cpuAt(key.resource, atMs) })) : [],
          })),
        }),
      },
      history: memoryHistory(),
      accuracy,
      models,
      calibrations: memoryCalibrations(),
      engine: withStoredWeights({ forecast: answerRequests }, models),
      trainFurther: async ({ series, ...training }) => {
        const further = continueGate(await loadTensorBackend(), shippedGates.short, series, training);
        return further === null ? null : toWeightsFile(further);
      },
      now: () => NOW,
      heartbeat: () => undefined,
    });
  };
  const POOL = { fleet: 'demo', pool: 'web', horizonMs: 6 * STEP, origins: 2, maxSeries: 10, seed: 1 };

  it('collect all metrics of the fleet, and state what is not published', async () => {
    const activities = activitiesOf(3);
    const collected = await activities.collectHistory({ fleet: 'demo', historyMs: 14 * DAY });
    expect(collected).toMatchObject({ pools: ['web'], instances: 2, series: 13, newValues: 2 * 3 * 288, absentSeries: 11 });
    expect(await activities.collectHistory({ fleet: 'demo', historyMs: 14 * DAY })).toMatchObject({ newValues: 0 });
  });

  it('score forecasts by horizon, once, and pass over those of which too little came', async () => {
    const activities = activitiesOf(3);
    await activities.collectHistory({ fleet: 'demo', historyMs: 14 * DAY });
    const base = { levels: [0.05, 0.5, 0.95], quantiles: new Array<number[]>(24).fill([20, 45, 80]), mean: new Array<number>(24).fill(45), peak: [50, 60, 80], origin: { model: 'gate', version: '2', digest: 'd' } };
    const forecastOf = (instanceId: string) => ({ ...base, subject: { kind: 'instance' as const, instanceId }, metric: 'cpuPercent' as const, unit: 'percent' as const, issuedAtMs: END - DAY, stepMs: STEP, horizonMs: 24 * STEP });
    due = [{ forecastId: 'known', pool: 'web', forecast: forecastOf('i-a') }, { forecastId: 'gone', pool: 'web', forecast: forecastOf('i-gone') }];
    expect(await activities.scoreForecasts({ sinceMs: 7 * DAY, limit: 10 })).toEqual({ scored: 1, unscorable: 1, left: 0 });
    expect(scores.map(({ forecastId, horizonMs, score }) => [forecastId, horizonMs / 60_000, score?.steps ?? null])).toEqual([['known', 30, 6], ['known', 120, 24], ['gone', 30, null], ['gone', 120, null]]);
    expect(scores[1]?.score).toMatchObject({ covered90: 1, peakHeld: true });
    expect(await activities.scoreForecasts({ sinceMs: 7 * DAY, limit: 10 })).toEqual({ scored: 0, unscorable: 0, left: 0 });
  });

  it('compare the champion with challengers and tuned candidates, each choice once', async () => {
    const activities = activitiesOf(5);
    await activities.collectHistory({ fleet: 'demo', historyMs: 14 * DAY });
    expect(await activities.judgeChampion({ pool: 'web' })).toMatchObject({ choice: { model: 'gate' }, isDefault: true });
    const tuned = await activities.tuneModel({ ...POOL, candidateId: 'run/0', model: 'blended', trials: 2 });
    expect(tuned).toMatchObject({ candidateId: 'run/0' });
    expect(candidates).toHaveLength(1);
    const evidence = await activities.backtestModels({ ...POOL, backtestId: 'run/0', challengers: ['gate', 'blended', 'blended'] });
    const found = evidence.challengers.map(({ choice, series }) => [choice.model, series]);
    expect(found[0]).toEqual(['blended', 2]);
    expect(found.length).toBeLessThanOrEqual(2);
    expect(evidence.championLoss).toBeGreaterThan(0);
    expect(backtests).toEqual(['run/0']);
    for (const { lowLogRatio, meanLogRatio, highLogRatio } of evidence.challengers) expect(lowLogRatio <= meanLogRatio && meanLogRatio <= highLogRatio).toBe(true);
  });

  it('train the gate further as a challenger by its own name, whose weights the engine finds in the store, and the same again from the same history', async () => {
    const activities = activitiesOf(9);
    await activities.collectHistory({ fleet: 'demo', historyMs: 14 * DAY });
    const further = () => activities.continueGate({ ...POOL, candidateId: 'run/0/gate', epochs: 1 });
    // Two instances have 48 moments: too few.
    expect(await further()).toBeNull();
    fleet.push(...['i-c', 'i-d', 'i-e', 'i-f'].map((instanceId) => ({ ...(fleet[0] as InstanceFacts), instanceId })));
    await activities.collectHistory({ fleet: 'demo', historyMs: 14 * DAY });
    const continued = await further();
    expect(continued?.model).toMatch(/^gate@[0-9a-f]{16}$/);
    expect(await further()).toEqual(continued);
    const { challengers } = await activities.backtestModels({ ...POOL, backtestId: 'run/0', challengers: [] });
    expect(challengers).toMatchObject([{ choice: { model: continued?.model }, series: 6 }]);
    expect(Math.abs(challengers[0]?.meanLogRatio ?? 1)).toBeLessThan(0.3);
    expect(challengers[0]?.meanLogRatio).not.toBe(0);
    expect(await activities.continueGate({ ...POOL, horizonMs: DAY, candidateId: 'day', epochs: 1 })).toBeNull();
    fleet.length = 2;
  });

  it('crown and dethrone', async () => {
    const activities = activitiesOf(1);
    const choice = { model: 'blended', settings: DEFAULT_SETTINGS };
    await activities.crownModel({ pool: 'web', choice, reason: 'better' });
    expect(await activities.judgeChampion({ pool: 'web' })).toMatchObject({ choice, isDefault: false });
    await activities.dethroneModel({ pool: 'web' });
    expect(await activities.judgeChampion({ pool: 'web' })).toMatchObject({ isDefault: true });
  });

  it('have nothing to tune or compare where no series is two days long, and refuse a model that there is not for good', async () => {
    const short = activitiesOf(1);
    await short.collectHistory({ fleet: 'demo', historyMs: 14 * DAY });
    expect(await short.tuneModel({ ...POOL, candidateId: 'c', model: 'blended', trials: 2 })).toBeNull();
    expect(await short.backtestModels({ ...POOL, backtestId: 'b', challengers: ['blended'] })).toMatchObject({ championLoss: null, challengers: [{ series: 0 }] });
    const long = activitiesOf(3);
    await long.collectHistory({ fleet: 'demo', historyMs: 14 * DAY });
    await expect(long.backtestModels({ ...POOL, backtestId: 'b', challengers: ['prophet'] })).rejects.toMatchObject({ type: 'InvalidInput', nonRetryable: true });
  });
});
