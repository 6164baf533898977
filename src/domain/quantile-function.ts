/**
 * A distribution known at a few levels: `values[i]` is not exceeded with probability `levels[i]`.
 * Levels rise strictly within (0, 1); values never fall.
 */
export interface QuantileFunction {
  readonly levels: readonly number[];
  readonly values: readonly number[];
}

/**
 * The value at a level, interpolated linearly between the known levels and held constant outside of them:
 * a tail that nobody measured is not invented.
 */
export function quantileAt({ levels, values }: QuantileFunction, level: number): number {
  const last = levels.length - 1;
  for (let i = 0; i <= last; i++) {
    const here = levels[i] as number;
    if (level > here) continue;
    const value = values[i] as number;
    if (i === 0 || level === here) return value;
    const before = values[i - 1] as number;
    const share = (level - (levels[i - 1] as number)) / (here - (levels[i - 1] as number));
    return before + share * (value - before);
  }
  return values[last] as number;
}

/**
 * The value at a level, where beyond the outermost known levels the tail falls off exponentially at the rate of the two outermost ones, as in
 * `probabilityAbove`: what a sample of many values is drawn from.
 *
 * @param level within (0, 1)
 */
export function quantileWithTails(distribution: QuantileFunction, level: number): number {
  const { levels, values } = distribution;
  const last = levels.length - 1;
  const [lowest, highest] = [levels[0] as number, levels[last] as number];
  if (last === 0 || (level >= lowest && level <= highest)) return quantileAt(distribution, level);
  const reach = (beyond: number, inside: number, left: number, spacing: number) => (spacing * Math.log(beyond / left)) / Math.log(inside / beyond);
  if (level > highest) {
    return (values[last] as number) + reach(1 - highest, 1 - (levels[last - 1] as number), 1 - level, (values[last] as number) - (values[last - 1] as number));
  }
  return (values[0] as number) - reach(lowest, levels[1] as number, level, (values[1] as number) - (values[0] as number));
}

/**
 * The probability (0..1) that the quantity is above `limit`. Between known levels it is interpolated; beyond the outermost level the
 * tail falls off exponentially at the rate of the two outermost levels, so that it stays monotone and never leaves 0..1.
 */
export function probabilityAbove({ levels, values }: QuantileFunction, limit: number): number {
  const last = levels.length - 1;
  if (last < 0) return 0;
  const lowest = values[0] as number;
  const highest = values[last] as number;
  if (limit >= highest) {
    const beyond = 1 - (levels[last] as number);
    const inside = last > 0 ? 1 - (levels[last - 1] as number) : 1;
    return tail(beyond, inside, limit - highest, last > 0 ? highest - (values[last - 1] as number) : 0);
  }
  if (limit < lowest) {
    const beyond = levels[0] as number;
    const inside = last > 0 ? (levels[1] as number) : 1;
    return 1 - tail(beyond, inside, lowest - limit, last > 0 ? (values[1] as number) - lowest : 0);
  }
  let i = last;
  while (i > 0 && (values[i - 1] as number) > limit) i--;
  const low = values[i - 1] as number;
  const share = (limit - low) / ((values[i] as number) - low);
  return 1 - ((levels[i - 1] as number) + share * ((levels[i] as number) - (levels[i - 1] as number)));
}

/** Probability left beyond `distance` from the outermost known value; a distribution without width has no tail. */
function tail(beyond: number, inside: number, distance: number, spacing: number): number {
  if (spacing <= 0) return 0;
  return beyond * Math.exp((-distance / spacing) * Math.log(inside / beyond));
}
