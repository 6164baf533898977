import { solveCholesky } from '../additive/solve-cholesky';
import { STANDARD_LEVELS } from '../forecast-model';
import { placeOfDay, type KinSeries } from './kin-series';
import { ownWindowOf, type OwnWindow } from './own-window';
import { KNOTS } from './profile-settings';

/** How kin with a window like this went on, one lead time ahead: a line through the window's numbers, a spread of its own, and the distribution around it. Plain JSON. */
export interface KinRegression {
  /** Of 1, last, recent and level. */
  readonly center: readonly number[];
  /** Logarithm of the spread: of 1 and the logarithm of the change. */
  readonly spread: readonly number[];
  /** Logarithms of the change, rising: where calm windows, usual ones and restless ones have their middle. */
  readonly middles: readonly number[];
  /** `[calm, usual, restless][level]`: quantiles around the center, in spreads. Calm load hardly moves but for rare jumps, restless load moves always. */
  readonly residuals: readonly (readonly number[])[];
}

/** Windows of a kin that are learned from, at most. */
const MOST_WINDOWS = 160;
/** Squares of what each coefficient costs, in windows: two of the three numbers often say the same. */
const RIDGE = 3;
/** Changes and errors below this, on the profile's scale, are all the same. */
const SMALLEST = 0.002;

/** Learns regressions at all knots (`[knot]`) from windows of `points` steps of kin; each kin counts the same. Knots that no kin reaches repeat the one before. */
export function fitKinRegressions(kin: readonly KinSeries[], points: number, course: Float64Array): KinRegression[] {
  const windows = kin.map((one) => windowsOf(one, points, course));
  const found: KinRegression[] = [];
  for (const steps of KNOTS) {
    const rows = windows.map((some, k) => targetsOf(kin[k] as KinSeries, some, steps, course)).filter((row) => row.length > 0);
    const before = found.at(-1);
    if (rows.length > 0) found.push(fitOne(rows, points));
    else if (before !== undefined) found.push(before);
  }
  return found;
}

interface EndedWindow {
  readonly end: number;
  readonly window: OwnWindow;
}

interface Target {
  readonly window: OwnWindow;
  readonly value: number;
}

const NOTHING: OwnWindow = { last: 0, recent: 0, level: 0, change: 0 };

function windowsOf(one: KinSeries, points: number, course: Float64Array): EndedWindow[] {
  const room = one.scaled.length - points;
  const count = Math.min(MOST_WINDOWS, Math.max(0, room));
  return Array.from({ length: count }, (_, i) => points + Math.floor((i * room) / count)).flatMap((end) => {
    const window = points === 0 ? NOTHING : ownWindowOf(one, end, points, course);
    return window === null ? [] : [{ end, window }];
  });
}

function targetsOf(one: KinSeries, windows: readonly EndedWindow[], steps: number, course: Float64Array): Target[] {
  return windows.flatMap(({ end, window }) => {
    const at = end + steps - 1;
    const value = at < one.scaled.length ? (one.scaled[at] as number) : NaN;
    return Number.isNaN(value) ? [] : [{ window, value: value - (course[placeOfDay(one, at)] as number) }];
  });
}

function fitOne(rows: readonly (readonly Target[])[], points: number): KinRegression {
  // Without own points there is only a mean; of one point the three numbers are one.
  const centerOf = ({ last, recent, level }: OwnWindow) => (points === 0 ? [1] : points === 1 ? [1, last] : [1, last, recent, level]);
  const spreadOf = ({ change }: OwnWindow) => (points < 2 ? [1] : [1, Math.log(change + SMALLEST)]);
  const all = rows.flatMap((row) => row.map(({ window, value }) => ({ window, value, weight: 1 / row.length })));
  const center = leastSquares(all.map(({ window, value, weight }) => ({ x: centerOf(window), y: value, weight })), rows.length);
  const errors = all.map(({ window, value, weight }) => ({ window, weight, error: value - dot(center, centerOf(window)) }));
  const spread = leastSquares(errors.map(({ window, weight, error }) => ({ x: spreadOf(window), y: Math.log(Math.abs(error) + SMALLEST), weight })), rows.length);
  const inSpreads = errors.map(({ window, error, weight }) => ({ value: error / Math.exp(dot(spread, spreadOf(window))), weight, change: Math.log(window.change + SMALLEST) })).sort((a, b) => a.change - b.change);
  if (points < 2) return { center, spread, middles: [0], residuals: [weightedQuantiles(inSpreads)] };
  const third = (k: number) => Math.round((k * inSpreads.length) / 6);
  // Each third reaches over half of its neighbours, so that few windows still make a distribution.
  return { center, spread, middles: [1, 3, 5].map((k) => inSpreads[Math.min(inSpreads.length - 1, third(k))]?.change ?? 0), residuals: [0, 1, 2].map((k) => weightedQuantiles(inSpreads.slice(third(Math.max(0, 2 * k - 1)), third(Math.min(6, 2 * k + 3))))) };
}

/** The residuals of a window of this change: between two middles in proportion. */
function residualsAt({ middles, residuals }: KinRegression, change: number): readonly number[] {
  const above = middles.findIndex((middle) => middle >= change);
  if (above <= 0) return residuals[above < 0 ? residuals.length - 1 : 0] as readonly number[];
  const [from, to] = [middles[above - 1] as number, middles[above] as number];
  const share = to > from ? (change - from) / (to - from) : 1;
  return (residuals[above - 1] as readonly number[]).map((value, l) => value + share * (((residuals[above] as readonly number[])[l] as number) - value));
}

interface Row {
  readonly x: readonly number[];
  readonly y: number;
  readonly weight: number;
}

/** Weighted ridge regression; the constant is not held back. */
function leastSquares(rows: readonly Row[], total: number): number[] {
  const size = rows[0]?.x.length ?? 1;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  const scale = rows.length / Math.max(1, total);
  for (const { x, y, weight } of rows) {
    for (let i = 0; i < size; i++) {
      right[i] = (right[i] as number) + scale * weight * (x[i] as number) * y;
      for (let j = 0; j < size; j++) gram[i * size + j] = (gram[i * size + j] as number) + scale * weight * (x[i] as number) * (x[j] as number);
    }
  }
  return Array.from(solveCholesky(gram, Float64Array.from({ length: size }, (_, i) => (i === 0 ? 1e-6 : RIDGE * 0.1)), right));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function weightedQuantiles(rows: readonly { readonly value: number; readonly weight: number }[]): number[] {
  const ranked = rows.toSorted((a, b) => a.value - b.value);
  const total = ranked.reduce((sum, { weight }) => sum + weight, 0);
  let at = 0;
  let sum = ranked[0]?.weight ?? 0;
  return STANDARD_LEVELS.map((level) => {
    while (at < ranked.length - 1 && sum < level * total) sum += (ranked[++at] as (typeof ranked)[number]).weight;
    return ranked[at]?.value ?? 0;
  });
}

/** Writes quantiles at the standard levels of what a window goes on to, `steps` ahead, less the course of the day: interpolated between the knots. */
export function predictByRegression(regressions: readonly KinRegression[], window: OwnWindow, steps: number, into: Float64Array, at: number): void {
  const above = Math.min(regressions.length - 1, Math.max(0, KNOTS.findIndex((knot) => knot >= steps) < 0 ? regressions.length - 1 : KNOTS.findIndex((knot) => knot >= steps)));
  const below = Math.max(0, above - 1);
  const [from, to] = [KNOTS[below] as number, KNOTS[above] as number];
  const share = to > from ? Math.min(1, Math.max(0, (steps - from) / (to - from))) : 1;
  const numbers = [1, window.last, window.recent, window.level];
  const changes = [1, Math.log(window.change + SMALLEST)];
  into.fill(0, at, at + STANDARD_LEVELS.length);
  for (const [regression, weight] of [[regressions[below], 1 - share], [regressions[above], share]] as const) {
    if (regression === undefined || weight === 0) continue;
    const center = dot(regression.center, numbers);
    const spread = Math.exp(dot(regression.spread, changes));
    const residuals = residualsAt(regression, changes[1] as number);
    for (let l = 0; l < STANDARD_LEVELS.length; l++) into[at + l] = (into[at + l] as number) + weight * (center + spread * (residuals[l] as number));
  }
}

