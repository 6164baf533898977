import { medianLevel } from '../median-level';
import type { PathDistribution } from '../path-distribution';
import type { GateInput } from './gate-input';
import { anchorPlace } from './anchor-levels';
import { askGate, type GateTarget, type GateWeights } from './gate-network';

/** The gate's weights are computed at so many places of the horizon and held between them: they change slowly. */
const MOST_PLACES = 24;
/** The peak is one number: a rule must weigh so many times as much for it as over the steps to count for it alone. */
const PEAK_SHARE = 2.5;

/** Weights of the rules that count, at each place of the horizon and for the peak. */
export interface GateWeighing {
  /** The rules that count, by their number, rising. */
  readonly rules: readonly number[];
  /** Steps from one place to the next. */
  readonly each: number;
  /** `[place][anchor][rule of all]` */
  readonly places: readonly (readonly Float64Array[])[];
  /** `[anchor][rule of all]` */
  readonly peak: readonly Float64Array[];
}

/**
 * Asks the gate for its weights. Rules that get less than `smallest` on average are left out and their share given to the rest: most of the time
 * goes into computing rules, and those move little (5 of 17 rules are kept at 0.05, at 0.001 of relative loss).
 */
export function weighByGate(weights: GateWeights, input: GateInput, horizon: number, smallest: number): GateWeighing {
  const each = Math.ceil(horizon / MOST_PLACES);
  const ask = askGate(weights, input);
  const at = (step: GateTarget['step']) => ask({ step, horizon });
  const places = Array.from({ length: Math.ceil(horizon / each) }, (_, p) => at(Math.min(horizon - 1, p * each + (each >> 1))));
  const peak = at('peak');
  const ofSteps = places.flat();
  const all = weights.rules.map((_, r) => r);
  const ample = all.filter((r) => meanWeight(ofSteps, r) >= smallest || meanWeight(peak, r) >= PEAK_SHARE * smallest);
  const rules = ample.length > 0 ? ample : all.filter((r) => meanWeight(ofSteps, r) > 0);
  for (const row of [...ofSteps, ...peak]) keepOnly(row, rules);
  return { rules, each, places, peak };
}

function meanWeight(rows: readonly Float64Array[], rule: number): number {
  let sum = 0;
  for (const row of rows) sum += row[rule] as number;
  return sum / rows.length;
}

/** Leaves the weights of `rules`, summing to 1; where they had none at all, each gets the same. */
function keepOnly(row: Float64Array, rules: readonly number[]): void {
  const kept = row.slice();
  row.fill(0);
  const sum = rules.reduce((total, r) => total + (kept[r] as number), 0);
  for (const r of rules) row[r] = sum > 0 ? (kept[r] as number) / sum : 1 / rules.length;
}

/**
 * Mixes the rules' distributions level by level (Vincent 1912).
 *
 * @param parts one for each of the weighing's rules, in their order
 */
export function mixByGate({ rules, each, places, peak }: GateWeighing, parts: readonly PathDistribution[], levels: readonly number[]): PathDistribution {
  const means = parts.map((part) => part.mean);
  const horizon = (means[0] as Float64Array).length;
  const quantiles: Float64Array[] = [];
  const mean = new Float64Array(horizon);
  places.forEach((place, p) => {
    const ofLevels = weightsOfLevels(place, rules, levels);
    const ofMean = weightsOfLevels(place, rules, [0.5]);
    const first = p * each;
    const end = Math.min(horizon, first + each);
    for (let h = first; h < end; h++) quantiles.push(risen(mixRows(parts.map((part) => part.quantiles[h] as Float64Array), ofLevels)));
    const held = ofMean.map((weight) => new Float64Array(end - first).fill(weight[0] as number));
    mean.set(mixRows(means.map((row) => row.subarray(first, end)), held), first);
  });
  return { quantiles, mean, peak: risen(mixRows(parts.map((part) => part.peak), weightsOfLevels(peak, rules, levels))) };
}

/** `[rule that counts][level]`: the anchors' weights, interpolated. */
function weightsOfLevels(byAnchor: readonly Float64Array[], rules: readonly number[], levels: readonly number[]): Float64Array[] {
  const between = levels.map(anchorPlace);
  return rules.map((r) =>
    Float64Array.from(between, ({ below, share }) => ((byAnchor[below] as Float64Array)[r] as number) * (1 - share) + ((byAnchor[below + 1] as Float64Array)[r] as number) * share),
  );
}

/** Weighted sums of rows, column by column: as differences to the first row, so that values on which all rows agree stay exact. */
function mixRows(rows: readonly Float64Array[], weights: readonly Float64Array[]): Float64Array {
  const start = rows[0] as Float64Array;
  const mixed = start.slice();
  for (let r = 1; r < rows.length; r++) {
    const row = rows[r] as Float64Array;
    const weight = weights[r] as Float64Array;
    for (let c = 0; c < mixed.length; c++) mixed[c] = (mixed[c] as number) + (weight[c] as number) * ((row[c] as number) - (start[c] as number));
  }
  return mixed;
}

/** Weights differ by level, so that a quantile may fall below the one before it: sorting never loses accuracy (Chernozhukov et al. 2010). */
function risen(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) return values.sort();
  return values;
}

/** Stretches quantiles around their median: by `spread` at the outermost levels, half as much at the quartiles. */
export function createStretch(levels: readonly number[], spread: number): (values: Float64Array) => Float64Array {
  const centre = medianLevel(levels);
  const factors = Float64Array.from(levels, (level) => 1 + (spread - 1) * Math.abs(2 * level - 1));
  return (values) => {
    const median = values[centre] as number;
    return spread === 1 ? values : values.map((value, l) => median + (value - median) * (factors[l] as number));
  };
}

/** Replaces a value by the nearest of `seen` (rising): quantised load takes no value between. */
export function snap(value: number, seen: Float64Array): number {
  let low = 0;
  let high = seen.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((seen[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const below = seen[low] as number;
  const above = seen[high] as number;
  return value - below <= above - value ? below : above;
}
