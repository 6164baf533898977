import type { PathDistribution } from '../path-distribution';
import { anchorPlace, gateWeightsAt, type GateWeights } from './gate-network';
import type { GateInput } from './gate-input';

/** The gate's weights are computed at so many places of the horizon and held between them: they change slowly. */
const MOST_PLACES = 24;

/**
 * Mixes the rules' distributions level by level (Vincent 1912) with the gate's weights.
 *
 * @param parts `[rule]`, null for those that cannot forecast; one at least is there
 */
export function mixByGate(weights: GateWeights, input: GateInput, parts: readonly (PathDistribution | null)[], levels: readonly number[]): PathDistribution {
  const usable = parts.flatMap((part, r) => (part === null ? [] : [{ part, r }]));
  const horizon = (usable[0] as { part: PathDistribution }).part.quantiles.length;
  const places = levels.map(anchorPlace);
  const middle = anchorPlace(0.5);
  const each = Math.ceil(horizon / MOST_PLACES);
  const quantiles: Float64Array[] = [];
  const mean = new Float64Array(horizon);
  let byAnchor: Float64Array[] = [];
  for (let h = 0; h < horizon; h++) {
    if (h % each === 0) byAnchor = gateWeightsAt(weights, input, { stepShare: Math.min(horizon, h + each / 2 + 0.5) / horizon, peak: false, horizon });
    quantiles.push(risen(Float64Array.from(places, (place, l) => mixed(usable, byAnchor, place, ({ quantiles: rows }) => (rows[h] as Float64Array)[l] as number))));
    mean[h] = mixed(usable, byAnchor, middle, (part) => part.mean[h] as number);
  }
  const peakWeights = gateWeightsAt(weights, input, { stepShare: 1, peak: true, horizon });
  const peak = risen(Float64Array.from(places, (place, l) => mixed(usable, peakWeights, place, (part) => part.peak[l] as number)));
  return { quantiles, mean, peak };
}

function mixed(
  usable: readonly { readonly part: PathDistribution; readonly r: number }[],
  byAnchor: readonly Float64Array[],
  { below, share }: { readonly below: number; readonly share: number },
  pick: (part: PathDistribution) => number,
): number {
  const low = byAnchor[below] as Float64Array;
  const high = byAnchor[below + 1] as Float64Array;
  // Sums of differences to the first part, so that values on which all parts agree stay exact.
  const start = pick((usable[0] as { part: PathDistribution }).part);
  let sum = start;
  for (const { part, r } of usable) sum += ((low[r] as number) * (1 - share) + (high[r] as number) * share) * (pick(part) - start);
  return sum;
}

/** Weights differ by level, so that a quantile may fall below the one before it: sorting never loses accuracy (Chernozhukov et al. 2010). */
function risen(values: Float64Array): Float64Array {
  return values.sort();
}

/** Stretches quantiles around their median: by `spread` at the outermost levels, half as much at the quartiles. */
export function stretch(values: Float64Array, levels: readonly number[], spread: number): Float64Array {
  if (spread === 1) return values;
  const centre = levels.reduce((best, level, l) => (Math.abs(level - 0.5) < Math.abs((levels[best] as number) - 0.5) ? l : best), 0);
  const median = values[centre] as number;
  return values.map((value, l) => median + (value - median) * (1 + (spread - 1) * Math.abs(2 * (levels[l] as number) - 1)));
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
