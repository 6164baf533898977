import { quantileWithTails } from '../../domain/quantile-function';

/** Equally likely places of a distribution as a recipe: value k is `row[from[k]] + slope[k] * (row[from[k] + 1] - row[from[k]])`. */
export interface PlaceRecipe {
  readonly from: Int32Array;
  readonly slope: Float64Array;
}

/**
 * The recipe for `count` places (k + 0.5) / count of any distribution with these levels, beyond the outermost ones along exponential tails, as
 * `quantileWithTails` has them. Made once for thousands of rows.
 */
export function placeRecipe(levels: readonly number[], count: number): PlaceRecipe {
  const from = new Int32Array(count);
  const slope = new Float64Array(count);
  const last = levels.length - 1;
  for (let k = 0; k < count; k++) {
    const level = (k + 0.5) / count;
    let below = 0;
    while (below < last - 1 && level > (levels[below + 1] as number)) below++;
    from[k] = below;
    // The value is linear in the row's two quantiles around it, so that a row of 0 and 1 there tells the slope.
    slope[k] = last === 0 ? 0 : quantileWithTails({ levels, values: levels.map((_, l) => (l <= below ? 0 : 1)) }, level);
  }
  return { from, slope };
}

/** Writes the places of one row, rising, into `into`, held within bounds. */
export function samplePlaces({ from, slope }: PlaceRecipe, row: readonly number[], lower: number, upper: number, into: Float64Array): void {
  for (let k = 0; k < into.length; k++) {
    const low = row[from[k] as number] as number;
    const high = row[Math.min((from[k] as number) + 1, row.length - 1)] as number;
    const value = low + (slope[k] as number) * (high - low);
    into[k] = value < lower ? lower : value > upper ? upper : value;
  }
}
