import type { ArimaOrder } from './arima-process';
import { difference } from './difference';
import { fitArima, type ArimaFit } from './fit-arima';

const MOST_COEFFICIENTS = 3;
const MOST_DIFFERENCES = 2;
/** The 5 % point of the statistic for a constant level (Kwiatkowski et al. 1992, table 1). */
const KPSS_CRITICAL = 0.463;
/** A criterion must fall by this much before a larger neighbour is worth fitting. */
const SMALLEST_GAIN = 1e-6;

/**
 * The ARIMA process that suits a series best: differences by repeated KPSS tests, then coefficients by stepwise search for the lowest AICc, up to three of each
 * kind (Hyndman and Khandakar 2008). Orders are compared by their conditional likelihood; the best is fitted exactly.
 *
 * @param values loads, NaN for gaps; the first two must not be gaps, and not all may be equal
 */
export function selectArima(values: Float64Array): ArimaFit {
  const differences = differencesNeeded(values);
  const tried = new Map<string, ArimaFit>();
  const attempt = (ar: number, ma: number, constant: boolean): ArimaFit | null => {
    if (ar < 0 || ma < 0 || ar > MOST_COEFFICIENTS || ma > MOST_COEFFICIENTS) return null;
    const key = `${ar}/${ma}/${constant}`;
    if (tried.has(key)) return null;
    const fit = fitArima(values, { ar, differences, ma, constant }, 'conditional');
    tried.set(key, fit);
    return fit;
  };
  const constant = differences < 2;
  let best: ArimaFit | null = null;
  const keep = (fit: ArimaFit | null): boolean => {
    if (fit === null || (best !== null && !(fit.aicc < best.aicc - SMALLEST_GAIN))) return false;
    best = fit;
    return true;
  };
  for (const [ar, ma] of [[2, 2], [0, 0], [1, 0], [0, 1]] as const) keep(attempt(ar, ma, constant));
  // A drift is a bold claim: the first models are also tried without.
  if (differences === 1) keep(attempt(0, 0, false));
  for (let improved = true; improved; ) improved = neighbours((best as unknown as ArimaFit).order).some(({ ar, ma, constant: mean }) => keep(attempt(ar, ma, mean)));
  return fitArima(values, (best as unknown as ArimaFit).order);
}

/** Orders one step away, the nearest first. */
function neighbours({ ar, ma, differences, constant }: ArimaOrder): ArimaOrder[] {
  const moves: readonly (readonly [number, number])[] = [[-1, 0], [0, -1], [1, 0], [0, 1], [-1, -1], [1, 1], [1, -1], [-1, 1]];
  const moved = moves.map(([a, m]) => ({ ar: ar + a, ma: ma + m, differences, constant }));
  return differences === 1 ? [...moved, { ar, ma, differences, constant: !constant }] : moved;
}

/** How often a series must be differenced until KPSS does not reject that its level stays. */
export function differencesNeeded(values: Float64Array): number {
  let differences = 0;
  while (differences < MOST_DIFFERENCES && kpssOfLevel(difference(values, differences)) > KPSS_CRITICAL) differences++;
  return differences;
}

/** The KPSS statistic for a constant level, with Bartlett weights; gaps are left out. 0 for a series that does not move. */
export function kpssOfLevel(values: Float64Array): number {
  const seen = values.filter((value) => !Number.isNaN(value));
  const n = seen.length;
  const mean = seen.reduce((sum, value) => sum + value, 0) / n;
  const errors = seen.map((value) => value - mean);
  const lags = Math.floor(4 * (n / 100) ** 0.25);
  let longRun = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let product = 0;
    for (let t = lag; t < n; t++) product += (errors[t] as number) * (errors[t - lag] as number);
    longRun += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * product;
  }
  let sum = 0;
  let squares = 0;
  errors.forEach((error) => {
    sum += error;
    squares += sum * sum;
  });
  return longRun > 0 ? squares / (n * longRun) : 0;
}
