import type { ChallengerEvidence } from '../domain/decide-promotion';
import type { AccuracyWindow } from '../domain/forecast-accuracy';
import type { ModelChoice } from '../domain/model-choice';
import type { LookedBack } from './hindsight';

export const TRAIN_FORECASTS = 'trainForecasts';
export const TRAIN_STATUS = 'status';

/** Input of one training; every field has a default (see `TRAIN_DEFAULTS`). */
export interface TrainForecastsInput {
  /** Value of the tag `foreshift:fleet`; default: every running instance that has the tag. */
  readonly fleet?: string;
  /** Only these pools (tag `foreshift:service`); default: all of the fleet. */
  readonly pools?: readonly string[];
  /** Models that the champion is compared with. */
  readonly challengers?: readonly string[];
  /** Settings that are tried out for `tuneModel` in each pool; 0: none. */
  readonly tuneTrials?: number;
  readonly tuneModel?: string;
  /** Epochs by which the gate is trained further on each pool's history, as a challenger; 0: not at all. Only for a `horizonMs` of 30 minutes to 2 hours. */
  readonly continueEpochs?: number;
  /** How far the forecasts that are compared look. */
  readonly horizonMs?: number;
  /** Forecasts of each series that are compared. */
  readonly origins?: number;
  /** Series of a pool that are compared, at most. */
  readonly maxSeries?: number;
  /** Past forecasts that are scored, at most. */
  readonly maxForecasts?: number;
  /** `observe` decides and writes the audit, and changes no champion. */
  readonly mode?: 'act' | 'observe';
  /** Days of metrics, forecasts and scores that are kept. */
  readonly retainDays?: number;
  readonly seed?: number;
}

export const TRAIN_DEFAULTS: Required<Omit<TrainForecastsInput, 'fleet' | 'pools'>> = {
  challengers: ['gate', 'blended'],
  tuneTrials: 0,
  tuneModel: 'blended',
  continueEpochs: 0,
  horizonMs: 2 * 3_600_000,
  origins: 5,
  maxSeries: 40,
  maxForecasts: 20_000,
  mode: 'act',
  retainDays: 35,
  seed: 1,
};

/** What became of one pool, and why. */
export interface PoolOutcome {
  readonly pool: string;
  readonly kind: 'promoted' | 'demoted' | 'kept' | 'failed';
  readonly reason: string;
}

export interface CollectedHistory {
  /** Sorted; at most 500. */
  readonly pools: readonly string[];
  readonly instances: number;
  readonly series: number;
  readonly newValues: number;
  /** Series whose metric is not published. */
  readonly absentSeries: number;
  readonly costUsd: number;
}

export interface ScoredForecasts {
  readonly scored: number;
  readonly unscorable: number;
  readonly left: number;
}

export interface TrainForecastsResult {
  readonly collected: CollectedHistory;
  readonly scored: ScoredForecasts;
  /** What came of the loads that migrations were decided on; absent in results of earlier versions. */
  readonly hindsight?: LookedBack;
  /** In the order of the pools' names. */
  readonly pools: readonly PoolOutcome[];
  /** Pools beyond the hundred that one training looks at. */
  readonly poolsLeft: number;
  readonly trimmed: { readonly days: number; readonly forecasts: number };
}

/** Answer of the `status` query. */
export interface TrainStatus {
  readonly phase: 'collect' | 'score' | 'pools' | 'trim' | 'done';
  /** The pool that is being looked at. */
  readonly pool: string | null;
  readonly poolsDone: number;
  readonly poolsTotal: number;
  readonly outcomes: readonly PoolOutcome[];
}

/** Where a pool's series are found and how they are compared. */
export interface PoolBacktestArgs {
  readonly fleet: string | null;
  readonly pool: string;
  readonly horizonMs: number;
  readonly origins: number;
  readonly maxSeries: number;
  readonly seed: number;
}

export interface ChampionRecord {
  readonly choice: ModelChoice;
  /** It is the model that forecasts where nothing else was chosen: there is nothing to go back to. */
  readonly isDefault: boolean;
  readonly recent: AccuracyWindow;
  readonly earlier: AccuracyWindow;
}

export interface BacktestEvidence {
  readonly champion: ModelChoice;
  /** Geometric mean of the champion's quantile loss over the naive one; null without a scored forecast. */
  readonly championLoss: number | null;
  readonly challengers: readonly ChallengerEvidence[];
}

/** The effects and reads of a training. Series stay in the database; what is returned is small. */
export interface TrainActivities {
  collectHistory(args: { fleet: string | null; historyMs: number }): Promise<CollectedHistory>;
  scoreForecasts(args: { sinceMs: number; limit: number }): Promise<ScoredForecasts>;
  judgeChampion(args: { pool: string }): Promise<ChampionRecord>;
  /** Tries settings out on the earlier part of the series; null where the pool has none that are long enough. */
  tuneModel(args: PoolBacktestArgs & { candidateId: string; model: string; trials: number }): Promise<{ candidateId: string; relativeLoss: number } | null>;
  /** Trains the gate further on the earlier part of the series; null where they are too few or too short, or the horizon is not its own. */
  continueGate(args: PoolBacktestArgs & { candidateId: string; epochs: number }): Promise<{ candidateId: string; model: string } | null>;
  /** Compares the champion with the challengers and the pool's latest candidates, on the later part of the series, which no tuning has seen. */
  backtestModels(args: PoolBacktestArgs & { backtestId: string; challengers: readonly string[] }): Promise<BacktestEvidence>;
  crownModel(args: { pool: string; choice: ModelChoice; reason: string }): Promise<void>;
  dethroneModel(args: { pool: string }): Promise<void>;
  trimHistory(args: { retainMs: number }): Promise<{ days: number; forecasts: number }>;
}
