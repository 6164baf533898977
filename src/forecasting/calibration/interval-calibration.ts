import type { SeriesPrediction } from '../forecast-model';
import type { SeriesBounds } from '../load-series';

/** What was learned of a forecaster's intervals, as plain JSON. Spreads are natural logarithms of multipliers: 0 leaves an interval alone. */
export interface IntervalCalibration {
  /** The levels calibrated: rising, mirrored around 0.5. */
  readonly levels: readonly number[];
  /** First step of each group of horizon steps, from 0. */
  readonly groupStarts: readonly number[];
  /** `[group][pair]`, the outermost pair of levels first. */
  readonly logSpreads: readonly (readonly number[])[];
  /** `[pair]` */
  readonly peakLogSpreads: readonly number[];
}

/** The part of a prediction that is calibrated. */
export type CalibratedPart = Pick<SeriesPrediction, 'levels' | 'quantiles' | 'peakQuantiles'>;

/** One forecast's misses move a spread by at most this much: a spread wrong by half is mended within some 20 misses. */
const LEARNING_RATE = 0.03;
/** Spreads stay within 1/20..20, so that an outage of the data cannot carry one away. */
const LARGEST_LOG_SPREAD = Math.log(20);

/** @throws RangeError where levels are not mirrored around 0.5, or groups do not rise from step 0 */
export function neutralCalibration(levels: readonly number[], groupStarts: readonly number[]): IntervalCalibration {
  const mirrored = levels.every((level, l) => Math.abs(level + (levels[levels.length - 1 - l] as number) - 1) < 1e-9 && (l === 0 || level > (levels[l - 1] as number)));
  if (levels.length % 2 === 0 || !mirrored) throw new RangeError(`levels: expected rising levels mirrored around 0.5, with 0.5, got ${levels.join(', ')}`);
  const rising = groupStarts.every((start, g) => Number.isInteger(start) && (g === 0 ? start === 0 : start > (groupStarts[g - 1] as number)));
  if (groupStarts.length === 0 || !rising) throw new RangeError(`groupStarts: expected rising whole steps from 0, got ${groupStarts.join(', ')}`);
  const neutral = new Array<number>((levels.length - 1) / 2).fill(0);
  return { levels, groupStarts, logSpreads: groupStarts.map(() => neutral), peakLogSpreads: neutral };
}

/** The prediction with each pair of quantiles moved from or to its median; order and bounds are kept, the means stay. */
export function applyCalibration<Prediction extends CalibratedPart>(calibration: IntervalCalibration, prediction: Prediction, bounds: SeriesBounds = {}): Prediction {
  checkLevels(calibration, prediction);
  return {
    ...prediction,
    quantiles: prediction.quantiles.map((row, step) => stretch(row, calibration.logSpreads[groupOf(calibration, step)] as readonly number[], bounds)),
    peakQuantiles: stretch(prediction.peakQuantiles, calibration.peakLogSpreads, bounds),
  };
}

/**
 * The calibration after the values of a forecast came: adaptive conformal inference (Gibbs and Candes 2021) by quantile tracking (Angelopoulos
 * et al. 2023) on the logarithm of the spread. While no limit is met, the miss rate nears its nominal value whatever the series does.
 *
 * @param prediction as the model made it, before `applyCalibration`
 * @param actual `[step]`, null for a gap; the peak is judged only where no step is missing
 * @throws RangeError for other levels, or values that are not one for each step
 */
export function updateCalibration(calibration: IntervalCalibration, prediction: CalibratedPart, actual: readonly (number | null)[], bounds: SeriesBounds = {}): IntervalCalibration {
  const applied = applyCalibration(calibration, prediction, bounds);
  if (actual.length !== prediction.quantiles.length || actual.some((value) => value !== null && !Number.isFinite(value))) {
    throw new RangeError(`actual: expected ${prediction.quantiles.length} finite numbers or nulls, one for each step`);
  }
  const known = actual.flatMap((value, step) => (value === null ? [] : [{ value, row: applied.quantiles[step] as readonly number[], group: groupOf(calibration, step) }]));
  const peaks = known.length === actual.length && known.length > 0 ? [{ value: known.reduce((top, { value }) => Math.max(top, value), -Infinity), row: applied.peakQuantiles }] : [];
  const learn = (spreads: readonly number[], seen: readonly Judged[]): number[] => spreads.map((spread, pair) => nextSpread(spread, pair, seen, calibration.levels));
  return {
    ...calibration,
    logSpreads: calibration.logSpreads.map((spreads, g) => learn(spreads, known.filter(({ group }) => group === g))),
    peakLogSpreads: learn(calibration.peakLogSpreads, peaks),
  };
}

interface Judged {
  readonly value: number;
  readonly row: readonly number[];
}

function nextSpread(spread: number, pair: number, seen: readonly Judged[], levels: readonly number[]): number {
  // An interval without width says nothing about its spread: no multiplier changes it.
  const wide = seen.filter(({ row }) => (row[row.length - 1 - pair] as number) > (row[pair] as number));
  if (wide.length === 0) return spread;
  const misses = wide.filter(({ value, row }) => value < (row[pair] as number) || value > (row[row.length - 1 - pair] as number)).length;
  const moved = spread + LEARNING_RATE * (misses / wide.length - 2 * (levels[pair] as number));
  return Math.min(LARGEST_LOG_SPREAD, Math.max(-LARGEST_LOG_SPREAD, moved));
}

function stretch(row: readonly number[], logSpreads: readonly number[], { lower = -Infinity, upper = Infinity }: SeriesBounds): number[] {
  const centre = (row.length - 1) / 2;
  const median = row[centre] as number;
  const moved = row.map((value, l) => (l === centre ? median : median + Math.exp(logSpreads[Math.min(l, row.length - 1 - l)] as number) * (value - median)));
  // Pairs learn apart from each other: an inner one that outgrew an outer one carries it along.
  for (let l = centre + 1; l < row.length; l++) moved[l] = Math.max(moved[l] as number, moved[l - 1] as number);
  for (let l = centre - 1; l >= 0; l--) moved[l] = Math.min(moved[l] as number, moved[l + 1] as number);
  return moved.map((value) => Math.min(upper, Math.max(lower, value)));
}

function groupOf({ groupStarts }: IntervalCalibration, step: number): number {
  return groupStarts.findLastIndex((start) => start <= step);
}

function checkLevels({ levels }: IntervalCalibration, prediction: CalibratedPart): void {
  if (levels.length !== prediction.levels.length || levels.some((level, l) => level !== prediction.levels[l])) {
    throw new RangeError(`levels: expected the calibrated ones ${levels.join(', ')}, got ${prediction.levels.join(', ')}`);
  }
}
