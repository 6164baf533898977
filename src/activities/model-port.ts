import type { BacktestRow } from '../forecasting/backtest/run-backtest';
import type { ModelChoice } from '../domain/model-choice';
import type { WeightsFile } from '../forecasting/gate/weights-file';

/** The model that forecasts a pool, since when and why. */
export interface Champion {
  readonly pool: string;
  readonly choice: ModelChoice;
  readonly sinceMs: number;
  readonly reason: string;
}

/** A choice that was found by tuning or further training, and may become champion. */
export interface ModelCandidate {
  readonly candidateId: string;
  readonly pool: string;
  readonly choice: ModelChoice;
  readonly madeAtMs: number;
  /** Geometric mean of the quantile loss over the naive one in the tuning's backtests; null for one that was trained and not yet tried. */
  readonly relativeLoss: number | null;
}

/** Which model forecasts what. Every method throws `Unavailable` while the store cannot be reached. */
export interface ModelStore {
  /** Pools that have none are left out: the default model forecasts them. */
  champions(pools: readonly string[]): Promise<readonly Champion[]>;
  /** Replaces the pool's champion. */
  crown(champion: Champion): Promise<void>;
  /** The pool goes back to the default model. */
  dethrone(pool: string): Promise<void>;
  saveCandidate(candidate: ModelCandidate): Promise<void>;
  /** The pool's candidates since then, the latest first. */
  candidates(pool: string, sinceMs: number): Promise<readonly ModelCandidate[]>;
  /** The weights of a gate that was trained further; writes once per id. */
  saveWeights(weightsId: string, weights: WeightsFile): Promise<void>;
  /** Those of them that there are, by id. */
  weights(weightsIds: readonly string[]): Promise<ReadonlyMap<string, WeightsFile>>;
  /** Writes once per id. */
  saveBacktest(backtestId: string, backtest: { readonly pool: string; readonly madeAtMs: number; readonly choices: readonly ModelChoice[]; readonly rows: readonly BacktestRow[] }): Promise<void>;
}
