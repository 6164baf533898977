import { minimize } from '../minimize';
import type { ArimaOrder } from './arima-process';
import { filterArima, type FilteredArima, type FilterOptions } from './filter-arima';
import { coefficientsOf, partialOf } from './partial-autocorrelations';
import { startingCoefficients } from './starting-coefficients';

/** A fitted ARIMA process, in the load's unit. Plain JSON. */
export interface ArimaFit {
  readonly order: ArimaOrder;
  /** The latest value's coefficient first. */
  readonly ar: readonly number[];
  readonly ma: readonly number[];
  readonly constant: number;
  /** Of the innovations. */
  readonly variance: number;
  readonly logLikelihood: number;
  /** Akaike's criterion, corrected for small samples (Hurvich and Tsai 1989); Infinity where there are more parameters than values bear. */
  readonly aicc: number;
}

/** A start this near to a unit root would leave the optimiser on a plateau. */
const LARGEST_START = 0.95;
/** The search ends at steps that gain less log-likelihood a value than this. */
const EXACT_GAIN = 1e-8;
const ROUGH_GAIN = 1e-6;
/** Innovations below this share of the load's size are rounding. */
const SMALLEST_DEVIATION = 1e-7;

/**
 * Fits an ARIMA process of a given order by maximum likelihood: conditional, and from there exact unless orders are only to be compared. The search is over partial autocorrelations, so that whatever it tries is stationary and
 * invertible (Jones 1980, Monahan 1984).
 *
 * @param values loads, NaN for gaps; the first `order.differences` (one at least) must not be gaps, and not all may be equal
 */
export function fitArima(values: Float64Array, order: ArimaOrder, likelihood: FilterOptions['likelihood'] = 'exact'): ArimaFit {
  const { scaled, shift, scale } = scaleValues(values, order);
  const count = scaled.reduce((sum, value, t) => sum + (t >= order.differences && !Number.isNaN(value) ? 1 : 0), 0);
  const run = (x: Float64Array, kind: FilterOptions['likelihood']): FilteredArima =>
    withFloor(filterArima({ ...split(x, order), differences: order.differences }, scaled, { withConstant: order.constant, likelihood: kind }), count);
  const loss = (kind: FilterOptions['likelihood']) => (x: Float64Array): number => {
    const { logLikelihood } = run(x, kind);
    return Number.isFinite(logLikelihood) ? -logLikelihood / count : Infinity;
  };
  const rough = loss('conditional');
  const starts = [startOf(scaled, order), new Float64Array(order.ar + order.ma).fill(0.1)];
  const start = starts.reduce((better, other) => (rough(other) < rough(better) ? other : better));
  let best = minimize(rough, start, ROUGH_GAIN).at;
  if (likelihood === 'exact') best = minimize(loss('exact'), best, EXACT_GAIN).at;
  const found = run(best, likelihood);
  const { ar, ma } = split(best, order);
  const parameters = order.ar + order.ma + (order.constant ? 1 : 0) + 1;
  const spare = count - parameters - 1;
  const logLikelihood = found.logLikelihood - count * Math.log(scale);
  return {
    order,
    ar: Array.from(ar),
    ma: Array.from(ma),
    constant: found.constant * scale + (order.constant && order.differences === 0 ? shift : 0),
    variance: found.variance * scale * scale,
    logLikelihood,
    aicc: spare > 0 ? -2 * logLikelihood + (2 * parameters * count) / spare : Infinity,
  };
}

/** Loads around zero and one in size: numbers of any unit keep their precision. */
function scaleValues(values: Float64Array, order: ArimaOrder): { scaled: Float64Array; shift: number; scale: number } {
  const shift = order.constant || order.differences > 0 ? (values[0] as number) : 0;
  const seen = values.filter((value) => !Number.isNaN(value));
  const scale = seen.reduce((sum, value) => sum + Math.abs(value - shift), 0) / seen.length || 1;
  return { scaled: values.map((value) => (value - shift) / scale), shift, scale };
}

/** A process that tells the history without error would have an infinite likelihood. */
function withFloor(filtered: FilteredArima, count: number): FilteredArima {
  const least = SMALLEST_DEVIATION ** 2;
  if (!(filtered.variance < least)) return filtered;
  return { ...filtered, variance: least, logLikelihood: filtered.logLikelihood + 0.5 * count * (Math.log(filtered.variance || Number.MIN_VALUE) - Math.log(least)) };
}

/** Free numbers as coefficients: `x / sqrt(1 + x^2)` is a partial autocorrelation. */
function split(x: Float64Array, order: ArimaOrder): { ar: Float64Array; ma: Float64Array } {
  const partial = x.map((value) => value / Math.sqrt(1 + value * value));
  return { ar: coefficientsOf(partial.subarray(0, order.ar)), ma: coefficientsOf(partial.subarray(order.ar)).map((value) => -value) };
}

function startOf(scaled: Float64Array, order: ArimaOrder): Float64Array {
  const { ar, ma } = startingCoefficients(scaled, order);
  return Float64Array.from([...freed(ar), ...freed(ma.map((value) => -value))]);
}

/** The inverse of `split`, drawn back from the edge of what is stationary. */
function freed(coefficients: Float64Array): Float64Array {
  const partial = partialOf(coefficients) ?? new Float64Array(coefficients.length).fill(0.1);
  return partial.map((value) => {
    const held = Math.min(LARGEST_START, Math.max(-LARGEST_START, value));
    return held / Math.sqrt(1 - held * held);
  });
}
