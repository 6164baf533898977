import { solveCholesky } from '../additive/solve-cholesky';
import { meansBefore } from './means-before';
import { enoughPaths, MAX_PATHS, spreadOrigins, type PathRule } from './path-rule';

/** Rows that the regression sees, spread over this many days. */
const ROWS = 600;
const WINDOW_DAYS = 14;
/** Ridge penalty, in units of the features' own variance per row. */
const RIDGE = 0.01;
const FEATURES = 7;
/** The one feature that differs from step to step: the same time yesterday. */
const OWN = FEATURES - 1;
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
    // One row more than origins: the last is for now.
    const rows = featureRows(values, [...origins, end], end, dayLength);
    const shared = sharedProducts(rows, origins.length);
    const targets = new Float64Array(origins.length);
    return enoughPaths({
      count: picked.length,
      column(h, into) {
        for (let r = 0; r < origins.length; r++) {
          const origin = origins[r] as number;
          const last = values[origin - 1] as number;
          targets[r] = (values[origin + h] as number) - last;
          rows[r * FEATURES + OWN] = (values[origin + h - dayLength] as number) - last;
        }
        const now = origins.length;
        rows[now * FEATURES + OWN] = (values[end + h - dayLength] as number) - (values[end - 1] as number);
        const weights = ridge(shared, rows, targets);
        const point = (values[end - 1] as number) + fitted(rows, now, weights);
        for (let s = 0; s < picked.length; s++) {
          const row = picked[s] as number;
          into[s] = point + (targets[row] as number) - fitted(rows, row, weights);
        }
      },
    });
  },
};

/** `[moment][feature]`, relative to the last value, so that a constant load needs no weight at all; the step's own feature is left at 0. */
function featureRows(values: Float64Array, moments: readonly number[], end: number, dayLength: number): Float64Array {
  const means = [3, 12, Math.min(72, dayLength)].map((steps) => meansBefore(values, end, steps));
  const rows = new Float64Array(moments.length * FEATURES);
  moments.forEach((moment, r) => {
    const last = values[moment - 1] as number;
    rows[r * FEATURES] = 1;
    rows[r * FEATURES + 1] = (values[moment - 2] as number) - last;
    means.forEach((mean, k) => (rows[r * FEATURES + 2 + k] = (mean[moment] as number) - last));
    rows[r * FEATURES + 5] = (values[moment - 1 - dayLength] as number) - last;
  });
  return rows;
}

/** Products of the features that all steps share, `[feature][feature]`. */
function sharedProducts(rows: Float64Array, count: number): Float64Array {
  const gram = new Float64Array(FEATURES * FEATURES);
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < OWN; i++) {
      for (let j = 0; j <= i; j++) gram[i * FEATURES + j] = (gram[i * FEATURES + j] as number) + (rows[r * FEATURES + i] as number) * (rows[r * FEATURES + j] as number);
    }
  }
  return gram;
}

/** @param shared the features' products without those of the step's own one, which are filled in */
function ridge(shared: Float64Array, rows: Float64Array, targets: Float64Array): Float64Array {
  const gram = shared.slice();
  const right = new Float64Array(FEATURES);
  for (let r = 0; r < targets.length; r++) {
    const at = r * FEATURES;
    const target = targets[r] as number;
    const own = rows[at + OWN] as number;
    for (let i = 0; i < FEATURES; i++) {
      const feature = rows[at + i] as number;
      right[i] = (right[i] as number) + feature * target;
      gram[OWN * FEATURES + i] = (gram[OWN * FEATURES + i] as number) + feature * own;
    }
  }
  const penalty = right.map((_, i) => RIDGE * (gram[i * FEATURES + i] as number) + 1e-9 * (gram[0] as number));
  return solveCholesky(gram, penalty, right);
}

function fitted(rows: Float64Array, row: number, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < FEATURES; i++) sum += (rows[row * FEATURES + i] as number) * (weights[i] as number);
  return sum;
}
