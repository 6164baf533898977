import { solveCholesky } from '../additive/solve-cholesky';
import { meanBefore } from './means-before';
import { enoughPaths, MAX_PATHS, pathsOf, spreadOrigins, type PathRule } from './path-rule';

/** Rows that the regression sees, spread over this many days. */
const ROWS = 600;
const WINDOW_DAYS = 14;
/** Ridge penalty, in units of the features' own variance per row. */
const RIDGE = 0.01;
const FEATURES = 7;
/** Each step has a regression of its own: beyond two hours of 5-minute steps that costs more than it tells. */
const LONGEST_HORIZON = 24;

/**
 * A direct regression of each step on the recent past and the same time yesterday, with its own residuals as spread (direct multi-step
 * autoregression, Marcellino, Stock and Watson 2006). Short horizons only.
 */
export const regressionRule: PathRule = {
  name: 'regression',
  paths({ values, end, dayLength }, horizon) {
    if (horizon > Math.min(LONGEST_HORIZON, dayLength)) return null;
    const first = Math.max(dayLength + 1, end - horizon - WINDOW_DAYS * dayLength);
    const origins = spreadOrigins(first, end - horizon, ROWS);
    if (origins.length < 10 * FEATURES) return null;
    const picked = spreadOrigins(0, origins.length - 1, MAX_PATHS);
    const paths = picked.map(() => new Float64Array(horizon));
    // All but the last feature are the same for each step.
    const rows = origins.map((origin) => features(values, origin, dayLength));
    const now = features(values, end, dayLength);
    const gram = new Float64Array(FEATURES * FEATURES);
    for (const row of rows) for (let i = 0; i < FEATURES - 1; i++) for (let j = 0; j < FEATURES - 1; j++) gram[i * FEATURES + j] = (gram[i * FEATURES + j] as number) + (row[i] as number) * (row[j] as number);
    for (let h = 0; h < horizon; h++) {
      const targets = Float64Array.from(origins, (origin) => (values[origin + h] as number) - (values[origin - 1] as number));
      rows.forEach((row, r) => (row[FEATURES - 1] = sameTimeYesterday(values, origins[r] as number, dayLength, h)));
      now[FEATURES - 1] = sameTimeYesterday(values, end, dayLength, h);
      const weights = ridge(gram, rows, targets);
      const point = (values[end - 1] as number) + dot(weights, now);
      picked.forEach((row, p) => {
        (paths[p] as Float64Array)[h] = point + (targets[row] as number) - dot(weights, rows[row] as Float64Array);
      });
    }
    return enoughPaths(pathsOf(paths));
  },
};

/** Relative to the last value, so that a constant load needs no weight at all; the last place is for the step's own feature. */
function features(values: Float64Array, end: number, dayLength: number): Float64Array {
  const last = values[end - 1] as number;
  return Float64Array.of(
    1,
    (values[end - 2] as number) - last,
    meanBefore(values, end, 3) - last,
    meanBefore(values, end, 12) - last,
    meanBefore(values, end, Math.min(72, dayLength)) - last,
    (values[end - 1 - dayLength] as number) - last,
    0,
  );
}

function sameTimeYesterday(values: Float64Array, end: number, dayLength: number, h: number): number {
  return (values[end + h - dayLength] as number) - (values[end - 1] as number);
}

/** @param shared the features' products without those of the last one, which are filled in */
function ridge(shared: Float64Array, rows: readonly Float64Array[], targets: Float64Array): Float64Array {
  const gram = shared.slice();
  const right = new Float64Array(FEATURES);
  const own = FEATURES - 1;
  rows.forEach((row, r) => {
    const target = targets[r] as number;
    const feature = row[own] as number;
    for (let i = 0; i < FEATURES; i++) {
      right[i] = (right[i] as number) + (row[i] as number) * target;
      gram[i * FEATURES + own] = (gram[i * FEATURES + own] as number) + (row[i] as number) * feature;
    }
  });
  for (let i = 0; i < own; i++) gram[own * FEATURES + i] = gram[i * FEATURES + own] as number;
  const penalty = right.map((_, i) => RIDGE * (gram[i * FEATURES + i] as number) + 1e-9 * (gram[0] as number));
  return solveCholesky(gram, penalty, right);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
