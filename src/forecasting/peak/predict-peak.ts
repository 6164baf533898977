import { quantileWithTails } from '../../domain/quantile-function';
import { STANDARD_LEVELS } from '../forecast-model';
import type { RuleContext } from '../rules/path-rule';
import { peakHistory } from './peak-history';
import { peakInput } from './peak-input';
import { mixPeak, shiftPeak, type PeakWeights } from './peak-network';

/** Fewer horizons of history than this know too little of how high one may go. */
const FEWEST_HORIZONS = 3;

/**
 * The distribution of the highest value over the next `horizon` steps, of a whole day or more: rules for the maximum itself (past maxima, how they
 * changed, what came on top of the level), mixed by a small gate that was trained across machines. Forecasts of the single steps say too little
 * of it: the highest of their 0.95 quantiles is passed every other day.
 *
 * @returns `[level]`, rising; null for a part of a day, whose time of day the rules do not know, and for less than three horizons of history
 */
export function predictPeak(weights: PeakWeights, { values, end, dayLength }: RuleContext, horizon: number, levels: readonly number[]): Float64Array | null {
  if (horizon < dayLength || end < FEWEST_HORIZONS * horizon) return null;
  const input = peakInput(peakHistory(values.subarray(0, end), dayLength, horizon));
  if (input === null) return Float64Array.from(levels, () => values[end - 1] as number);
  const mixed = mixPeak(weights, input);
  if (mixed === null) return null;
  const row = { levels: STANDARD_LEVELS, values: Array.from(shiftPeak(weights, mixed), (value) => input.from + input.scale * value) };
  return Float64Array.from(levels, (level) => quantileWithTails(row, level));
}
