import { createHash } from 'node:crypto';
import type { BacktestEvidence, PoolBacktestArgs, TrainActivities } from '../contracts/train-forecasts';
import { INSTANCE_METRICS, trafficResource, type SeriesKey } from '../domain/collected-metric';
import { DEFAULT_SETTINGS, sameChoice, type ModelChoice } from '../domain/model-choice';
import { DEFAULT_OVERLAP_MS } from '../domain/plan-collection';
import { bootstrapInterval } from '../forecasting/backtest/bootstrap-interval';
import { runBacktest } from '../forecasting/backtest/run-backtest';
import { pairedLogRatios, summarizeBacktest } from '../forecasting/backtest/summarize-backtest';
import type { ForecastEngine } from '../forecasting/forecast-engine';
import type { WeightsFile } from '../forecasting/gate/weights-file';
import { continuedGateName } from '../forecasting/model-names';
import type { GateTask } from '../forecasting/training/continue-gate-in-thread';
import { modelOfTier } from '../forecasting/tiers';
import { tuneSettings } from '../forecasting/tuning/tune-settings';
import { TUNING_SHARE, tuningPart } from '../forecasting/tuning/tuning-part';
import { businessFailure } from '../contracts/errors';
import type { AccuracyStore } from './accuracy-port';
import type { BalancerPort } from './balancer-port';
import type { CalibrationStore } from './calibration-port';
import { collectMetrics } from './collect-metrics';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { MetricHistoryStore, MetricSourcePort } from './metric-history-port';
import type { ModelStore } from './model-port';
import { STEP_MS } from './forecast-loads';
import { instancesByPool, poolSeries } from './pool-series';
import { scorePastForecasts } from './score-forecasts';

const DAY_MS = 86_400_000;
/** "Recent" when a champion is judged. */
const RECENT_MS = 2 * DAY_MS;
const EARLIER_MS = 14 * DAY_MS;
const MOST_POOL_NAMES = 500;
/** Candidates of a pool that are compared: those of the last week, the latest ones. */
const CANDIDATES_SINCE_MS = 7 * DAY_MS;
const MOST_CANDIDATES = 3;
const SIGNIFICANCE = 0.05;
/** Well within the heartbeat's timeout. */
const BEAT_EVERY_MS = 5_000;

export interface TrainDependencies {
  readonly compute: Pick<ComputePort, 'listTagged'>;
  readonly balancer: Pick<BalancerPort, 'bindingsOf'>;
  readonly source: MetricSourcePort;
  readonly history: MetricHistoryStore;
  readonly accuracy: AccuracyStore;
  readonly models: ModelStore;
  readonly calibrations: CalibrationStore;
  /** Knows the weights that the store holds. */
  readonly engine: Pick<ForecastEngine, 'forecast'>;
  /** Trains the shipped gate further; null where the series cannot teach it. */
  readonly trainFurther: (task: GateTask) => Promise<WeightsFile | null>;
  readonly now: () => number;
  readonly heartbeat: (at: unknown) => void;
}

/** What forecasts a pool that has no champion. */
export const DEFAULT_CHOICE: ModelChoice = { model: modelOfTier('balanced'), settings: DEFAULT_SETTINGS };

/** The steps of `trainForecasts`. */
export function createTrainActivities(deps: TrainDependencies): TrainActivities {
  const { compute, balancer, history, accuracy, models, calibrations, engine, trainFurther, now, heartbeat } = deps;
  const championOf = async (pool: string) => (await models.champions([pool]))[0] ?? null;
  const seriesOf = ({ fleet, pool, maxSeries }: PoolBacktestArgs) => poolSeries(deps, { fleet, pool, maxSeries, nowMs: now() });
  return {
    async collectHistory({ fleet, historyMs }) {
      const pools = await instancesByPool(compute, fleet);
      const instances = [...pools.values()].flat();
      const keys: SeriesKey[] = instances.flatMap(({ instanceId }) => INSTANCE_METRICS.map((metric) => ({ resource: instanceId, metric, stepMs: STEP_MS })));
      keys.push(...(await requestSeries(balancer, pools)));
      const report = await collectMetrics(deps, keys, { nowMs: now(), historyMs, overlapMs: DEFAULT_OVERLAP_MS }, (done, of) => heartbeat({ done, of }));
      return {
        pools: [...pools.keys()].toSorted().slice(0, MOST_POOL_NAMES),
        instances: instances.length,
        series: report.series,
        newValues: report.newValues,
        absentSeries: report.absent.length,
        costUsd: report.costUsd,
      };
    },
    scoreForecasts: ({ sinceMs, limit }) => scorePastForecasts(deps, { nowMs: now(), sinceMs, limit }),
    async judgeChampion({ pool }) {
      const champion = await championOf(pool);
      const choice = champion?.choice ?? DEFAULT_CHOICE;
      const nowMs = now();
      const since = Math.max(champion?.sinceMs ?? 0, nowMs - EARLIER_MS);
      const border = Math.max(since, nowMs - RECENT_MS);
      const window = (fromMs: number, toMs: number) => accuracy.window({ pool, model: choice.model, fromMs, toMs });
      return { choice, isDefault: champion === null, recent: await window(border, nowMs), earlier: await window(since, border) };
    },
    async tuneModel(args) {
      const { pool, candidateId, model, trials, horizonMs, origins, seed } = args;
      const series = (await seriesOf(args)).map(tuningPart);
      if (series.length === 0) return null;
      const tuned = await knownModels(() =>
        tuneSettings(engine, series, { model, trials, horizonSteps: horizonMs / STEP_MS, origins, fromShare: 1 / 3, seed }, (trial, lowest) => heartbeat({ trial, of: trials, lowest })),
      );
      await models.saveCandidate({ candidateId, pool, choice: tuned.choice, madeAtMs: now(), relativeLoss: tuned.relativeLoss });
      return { candidateId, relativeLoss: tuned.relativeLoss };
    },
    async continueGate(args) {
      const { pool, candidateId, epochs, horizonMs, seed } = args;
      const series = (await seriesOf(args)).map(tuningPart);
      const beat = setInterval(() => heartbeat({ training: pool }), BEAT_EVERY_MS);
      const weights = await trainFurther({ series, horizonSteps: horizonMs / STEP_MS, epochs, seed }).finally(() => clearInterval(beat));
      if (weights === null) return null;
      const weightsId = createHash('sha256').update(JSON.stringify(weights)).digest('hex').slice(0, 16);
      const model = continuedGateName(weightsId);
      await models.saveWeights(weightsId, weights);
      await models.saveCandidate({ candidateId, pool, choice: { model, settings: DEFAULT_SETTINGS }, madeAtMs: now(), relativeLoss: null });
      return { candidateId, model };
    },
    async backtestModels(args) {
      const { pool, backtestId, challengers, horizonMs, origins, seed } = args;
      const champion = (await championOf(pool))?.choice ?? DEFAULT_CHOICE;
      const others = challengers.map((model): ModelChoice => ({ model, settings: DEFAULT_SETTINGS }));
      const candidates = await models.candidates(pool, now() - CANDIDATES_SINCE_MS);
      others.push(...candidates.slice(0, MOST_CANDIDATES).map(({ choice }) => choice));
      const choices = [champion, ...others.filter((choice, i) => !sameChoice(choice, champion) && others.findIndex((other) => sameChoice(other, choice)) === i)];
      const series = await seriesOf(args);
      const rows = await knownModels(() =>
        runBacktest(engine, series, choices, { horizonSteps: horizonMs / STEP_MS, origins, fromShare: TUNING_SHARE, seed }, (done, of) => heartbeat({ done, of })),
      );
      await models.saveBacktest(backtestId, { pool, madeAtMs: now(), choices, rows });
      return evidenceOf(choices, rows, seed);
    },
    crownModel: ({ pool, choice, reason }) => models.crown({ pool, choice, sinceMs: now(), reason }),
    dethroneModel: ({ pool }) => models.dethrone(pool),
    async trimHistory({ retainMs }) {
      const beforeMs = now() - retainMs;
      await calibrations.deleteBefore(beforeMs);
      return { days: await history.deleteBefore(beforeMs), forecasts: await accuracy.deleteBefore(beforeMs) };
    },
  };
}

/** Requests are counted by target group: the groups of one instance tell those of its pool. */
async function requestSeries(balancer: Pick<BalancerPort, 'bindingsOf'>, pools: ReadonlyMap<string, readonly InstanceFacts[]>): Promise<SeriesKey[]> {
  const resources = new Set<string>();
  for (const [instance] of [...pools.values()].slice(0, MOST_POOL_NAMES)) {
    if (instance === undefined) continue;
    for (const { targetGroupArn, loadBalancerArn } of await balancer.bindingsOf(instance.instanceId)) {
      // A group without a balancer gets no requests.
      if (loadBalancerArn !== '') resources.add(trafficResource(targetGroupArn, loadBalancerArn));
    }
  }
  return [...resources].map((resource) => ({ resource, metric: 'requests', stepMs: STEP_MS }));
}

/** The confidence grows with the number of comparisons (Bonferroni): among many challengers one is better by chance. */
function evidenceOf(choices: readonly ModelChoice[], rows: Parameters<typeof pairedLogRatios>[0], seed: number): BacktestEvidence {
  const summaries = summarizeBacktest(rows, choices.length);
  const confidence = 1 - SIGNIFICANCE / Math.max(1, choices.length - 1);
  const challengers = choices.slice(1).map((choice, i) => {
    const ratios = pairedLogRatios(rows, i + 1, 0);
    if (ratios.length === 0) return { choice, series: 0, meanLogRatio: 0, lowLogRatio: 0, highLogRatio: 0, covered90: 0 };
    const { mean, low, high } = bootstrapInterval(ratios, confidence, seed);
    return { choice, series: ratios.length, meanLogRatio: mean, lowLogRatio: low, highLogRatio: high, covered90: summaries[i + 1]?.covered90 ?? 0 };
  });
  return { champion: choices[0] ?? DEFAULT_CHOICE, championLoss: summaries[0]?.relativeLoss ?? null, challengers };
}

/** A model that there is not will not be there at the next attempt either. */
async function knownModels<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw businessFailure('InvalidInput', error.message);
    throw error;
  }
}
