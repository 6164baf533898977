import { quantileAt } from '../../domain/quantile-function';
import { dayLengthOf } from '../day-length';
import { fillGaps } from '../fill-gaps';
import type { SeriesPrediction } from '../forecast-model';
import { withoutLeadingGap, type LoadSeries } from '../load-series';
import { highest } from '../path-distribution';
import { referenceLoss } from './reference-loss';

/** What a forecast said, as far as it is scored. */
export type ScorableForecast = Pick<SeriesPrediction, 'issuedAtMs' | 'stepMs' | 'levels' | 'quantiles' | 'mean' | 'peakQuantiles'>;

/** How a forecast's first steps compare with what came. Losses and errors are in the load's unit, shares 0..1. */
export interface ForecastScore {
  /** Steps that were seen, and so scored. */
  readonly steps: number;
  /** Mean pinball loss over steps and levels (Koenker and Bassett 1978). */
  readonly loss: number;
  /** The same of the naive forecast; see `referenceLoss`. */
  readonly referenceLoss: number;
  /** Natural logarithm of loss over reference loss, within 0.01 and 100; null where the reference has no loss. */
  readonly logRatio: number | null;
  /** Mean distance of the median from what came. */
  readonly absoluteError: number;
  /** Mean of forecast mean less what came: above 0 where too much was forecast. */
  readonly bias: number;
  /** Share of steps within the quantiles 0.1 and 0.9. */
  readonly covered80: number;
  /** Share of steps within the quantiles 0.05 and 0.95. */
  readonly covered90: number;
  /** Whether the highest value stayed within the peak's 0.95 quantile; null where only a part of the forecast is scored. */
  readonly peakHeld: boolean | null;
}

/** Fewer steps seen than this share, and what came is not known well enough. */
const LEAST_SEEN_SHARE = 0.5;
const FEWEST_STEPS_OF_HISTORY = 2;

/**
 * Scores the first `horizonSteps` of a forecast against what came.
 *
 * @param series the load before and after the forecast was issued, on the forecast's grid; only what lies before is used for the reference
 * @returns null where too little was seen after it, or nothing before it
 */
export function scoreForecast(forecast: ScorableForecast, series: LoadSeries, horizonSteps: number): ForecastScore | null {
  const origin = Math.round((forecast.issuedAtMs - series.startAtMs) / series.stepMs) + 1;
  const future = series.values.slice(origin, origin + horizonSteps);
  const steps = future.filter((value) => value !== null).length;
  const history = withoutLeadingGap({ ...series, values: series.values.slice(0, Math.max(0, origin)) });
  if (steps < LEAST_SEEN_SHARE * horizonSteps || history.values.length < FEWEST_STEPS_OF_HISTORY || history.values.every((value) => value === null)) return null;
  const dayLength = dayLengthOf(series);
  const reference = referenceLoss(fillGaps(history.values, dayLength).values, dayLength, horizonSteps, future);
  let [loss, absoluteError, bias, covered80, covered90] = [0, 0, 0, 0, 0];
  future.forEach((value, h) => {
    if (value === null) return;
    const row = { levels: forecast.levels, values: forecast.quantiles[h] as readonly number[] };
    const within = (low: number, high: number): number => (value >= quantileAt(row, low) && value <= quantileAt(row, high) ? 1 : 0);
    loss += meanPinball(row, value);
    absoluteError += Math.abs(value - quantileAt(row, 0.5));
    bias += (forecast.mean[h] as number) - value;
    covered80 += within(0.1, 0.9);
    covered90 += within(0.05, 0.95);
  });
  const whole = horizonSteps === forecast.quantiles.length;
  const peakLimit = quantileAt({ levels: forecast.levels, values: forecast.peakQuantiles }, 0.95);
  return {
    steps,
    loss: loss / steps,
    referenceLoss: reference,
    logRatio: logRatio(loss / steps, reference),
    absoluteError: absoluteError / steps,
    bias: bias / steps,
    covered80: covered80 / steps,
    covered90: covered90 / steps,
    peakHeld: whole ? highest(future.map((value) => value ?? NaN)) <= peakLimit : null,
  };
}

function meanPinball({ levels, values }: { readonly levels: readonly number[]; readonly values: readonly number[] }, truth: number): number {
  let sum = 0;
  levels.forEach((level, l) => {
    const error = truth - (values[l] as number);
    sum += error >= 0 ? level * error : (level - 1) * error;
  });
  return sum / levels.length;
}

/** Logarithm of a loss over a reference loss, within 0.01 and 100 (idle load is told exactly); null where the reference has none. */
export function logRatio(loss: number, reference: number): number | null {
  return reference > 0 ? Math.log(Math.min(100, Math.max(0.01, loss / reference))) : null;
}
