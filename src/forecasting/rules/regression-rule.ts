import { solveCholesky } from '../additive/solve-cholesky';
import { enoughPaths, MAX_PATHS, spreadOrigins, type PathRule } from './path-rule';
import { meanBefore } from './season-rules';

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
    const paths = spreadOrigins(0, origins.length - 1, MAX_PATHS).map(() => new Float64Array(horizon));
    const picked = spreadOrigins(0, origins.length - 1, MAX_PATHS);
    for (let h = 0; h < horizon; h++) {
      const rows = origins.map((origin) => features(values, origin, dayLength, h));
      const targets = origins.map((origin) => (values[origin + h] as number) - (values[origin - 1] as number));
      const weights = ridge(rows, targets);
      const point = (values[end - 1] as number) + dot(weights, features(values, end, dayLength, h));
      picked.forEach((row, p) => {
        (paths[p] as Float64Array)[h] = point + (targets[row] as number) - dot(weights, rows[row] as Float64Array);
      });
    }
    return enoughPaths(paths);
  },
};

/** Relative to the last value, so that a constant load needs no weight at all. */
function features(values: Float64Array, end: number, dayLength: number, h: number): Float64Array {
  const last = values[end - 1] as number;
  const sameTime = end + h - dayLength;
  return Float64Array.of(
    1,
    (values[end - 2] as number) - last,
    meanBefore(values, end, 3) - last,
    meanBefore(values, end, 12) - last,
    meanBefore(values, end, Math.min(72, dayLength)) - last,
    (values[sameTime] as number) - last,
    (values[end - 1 - dayLength] as number) - last,
  );
}

function ridge(rows: readonly Float64Array[], targets: readonly number[]): Float64Array {
  const gram = new Float64Array(FEATURES * FEATURES);
  const right = new Float64Array(FEATURES);
  rows.forEach((row, r) => {
    for (let i = 0; i < FEATURES; i++) {
      right[i] = (right[i] as number) + (row[i] as number) * (targets[r] as number);
      for (let j = 0; j < FEATURES; j++) gram[i * FEATURES + j] = (gram[i * FEATURES + j] as number) + (row[i] as number) * (row[j] as number);
    }
  });
  const penalty = right.map((_, i) => RIDGE * (gram[i * FEATURES + i] as number) + 1e-9 * (gram[0] as number));
  return solveCholesky(gram, penalty, right);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
