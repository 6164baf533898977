import type { ModelSettings } from '../domain/model-choice';
import type { LoadSeries } from './load-series';

/** One series' forecast. Step i (from 0) stands for `issuedAtMs + (i + 1) * stepMs`. */
export interface SeriesPrediction {
  readonly id: string;
  /** Time of the last step of the history. */
  readonly issuedAtMs: number;
  readonly stepMs: number;
  readonly levels: readonly number[];
  /** `[step][level]`, in the series' unit; never falling along the levels, within the bounds. */
  readonly quantiles: readonly (readonly number[])[];
  /** `[step]` */
  readonly mean: readonly number[];
  /** `[level]`: quantiles of the highest value over all steps. */
  readonly peakQuantiles: readonly number[];
  /** What the reader should know: a fallback that was taken, for instance. */
  readonly notes: readonly string[];
}

/**
 * Everything that a fitted model knows, as plain JSON: `restore` makes the same model of it. The digest is SHA-256 over the rest, so
 * two states with one digest forecast alike.
 */
export interface ModelState {
  readonly model: string;
  readonly version: string;
  readonly seed: number;
  /** The earliest and the latest time that the model has learned from. */
  readonly trainedFromMs: number;
  readonly trainedToMs: number;
  readonly digest: string;
  /** The model's own part. */
  readonly body: unknown;
}

export interface FitOptions {
  /** Drives all randomness of the model: the same seed and series give the same forecast. */
  readonly seed: number;
  /** Left out: the model's own. A model passes over what it does not have. */
  readonly settings?: ModelSettings;
}

/** A model that has seen its series. */
export interface FittedModel {
  readonly state: ModelState;
  /**
   * Forecasts every series, in the order of fitting.
   *
   * @param horizonSteps 1..2016 steps of the series' own grid
   * @param levels rising probabilities within (0, 1)
   * @throws RangeError for another horizon or other levels
   */
  predict(horizonSteps: number, levels: readonly number[]): SeriesPrediction[];
  /**
   * The model after more values have come: it forecasts from the later end, and its state covers them. This one stays as it is.
   * What is costly to learn may be kept, where the model says so.
   *
   * @param more `[series][step]`, in the order of fitting: the values that followed each series, one for each step of its own grid, null for a
   * gap, empty for nothing new
   * @throws RangeError where the rows are not one for each series, InvalidSeriesError for a value that is no usable number
   */
  update(more: readonly (readonly (number | null)[])[]): Promise<FittedModel>;
}

/** A way of forecasting, batched over series: thousands of them in one call are the usual case. */
export interface ForecastModel {
  readonly name: string;
  /** Changes whenever the same input would give another forecast, or the state another form. */
  readonly version: string;
  /** @throws InvalidSeriesError where a series cannot be forecast from */
  fit(series: readonly LoadSeries[], options: FitOptions): Promise<FittedModel>;
  /** @throws RangeError for the state of another model or version, or one whose digest does not fit it */
  restore(state: ModelState): Promise<FittedModel>;
}

/** The 19 levels 0.05, 0.10 ... 0.95. */
export const STANDARD_LEVELS: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

const LONGEST_HORIZON = 2016;

/** @throws RangeError naming what is wrong with a horizon or levels */
export function checkPredictArguments(horizonSteps: number, levels: readonly number[]): void {
  if (!Number.isInteger(horizonSteps) || horizonSteps < 1 || horizonSteps > LONGEST_HORIZON) {
    throw new RangeError(`horizonSteps: expected 1..${LONGEST_HORIZON} steps, got ${horizonSteps}`);
  }
  const rising = levels.every((level, i) => level > 0 && level < 1 && (i === 0 || level > (levels[i - 1] as number)));
  if (levels.length === 0 || !rising) throw new RangeError(`levels: expected rising probabilities between 0 and 1, got ${levels.join(', ')}`);
}
