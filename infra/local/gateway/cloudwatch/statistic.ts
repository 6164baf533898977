/** What a bucket of points is reduced to. */
export type Statistic =
  | { readonly kind: 'Average' | 'Minimum' | 'Maximum' | 'Sum' | 'SampleCount' }
  | { readonly kind: 'percentile'; readonly rank: number }
  | { readonly kind: 'trimmedMean'; readonly low: number; readonly high: number }
  | { readonly kind: 'trimmedCount'; readonly above: number; readonly upTo: number };

const PLAIN = new Set(['Average', 'Minimum', 'Maximum', 'Sum', 'SampleCount']);
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/i;
const TRIMMED_SHORT = /^tm(\d{1,2}(?:\.\d{1,10})?|100)$/i;
const TRIMMED_RANGE = /^TM\((\d{1,3}(?:\.\d{1,10})?)?%:(\d{1,3}(?:\.\d{1,10})?)?%\)$/i;

/** Bounds in the metric's own unit; the lower one is exclusive, the upper one inclusive, either may be left out. */
const COUNT_RANGE = /^TC\((\d+(?:\.\d{1,10})?)?:(\d+(?:\.\d{1,10})?)?\)$/i;

/** Reads `Average`, `p99.9`, `tm90`, `TM(10%:90%)`...; undefined for what AWS (or this model of it) doesn't know. */
export function parseStatistic(text: string): Statistic | undefined {
  if (PLAIN.has(text)) return { kind: text } as Statistic;
  const percentile = PERCENTILE.exec(text)?.[1];
  if (percentile !== undefined) return { kind: 'percentile', rank: Number(percentile) / 100 };
  const trimmed = TRIMMED_SHORT.exec(text)?.[1];
  if (trimmed !== undefined) return { kind: 'trimmedMean', low: 0, high: Number(trimmed) / 100 };
  if (text.toUpperCase() === 'IQM') return { kind: 'trimmedMean', low: 0.25, high: 0.75 };
  const counted = COUNT_RANGE.exec(text);
  if (counted !== null && (counted[1] ?? counted[2]) !== undefined) {
    return { kind: 'trimmedCount', above: Number(counted[1] ?? Number.NEGATIVE_INFINITY), upTo: Number(counted[2] ?? Number.POSITIVE_INFINITY) };
  }
  const range = TRIMMED_RANGE.exec(text);
  if (range === null || (range[1] === undefined && range[2] === undefined)) return undefined;
  const low = Number(range[1] ?? 0) / 100;
  const high = Number(range[2] ?? 100) / 100;
  return low < high && high <= 1 ? { kind: 'trimmedMean', low, high } : undefined;
}

const NEEDS_VALUES: ReadonlySet<Statistic['kind']> = new Set(['percentile', 'trimmedMean', 'trimmedCount'] as const);

/** Collects the points of one bucket. Single values are kept only when a percentile or trimmed mean needs them. */
export class BucketStatistics {
  private sum = 0;
  private count = 0;
  private minimum = Number.POSITIVE_INFINITY;
  private maximum = Number.NEGATIVE_INFINITY;
  private readonly values: { value: number; count: number }[] = [];
  private exact = true;

  constructor(private readonly statistic: Statistic) {}

  add(sum: number, count: number, minimum: number, maximum: number): void {
    this.sum += sum;
    this.count += count;
    if (minimum < this.minimum) this.minimum = minimum;
    if (maximum > this.maximum) this.maximum = maximum;
    if (!NEEDS_VALUES.has(this.statistic.kind)) return;
    if (minimum !== maximum) this.exact = false;
    else this.values.push({ value: minimum, count });
  }

  /** Undefined when there is nothing to say: no points, or percentiles of a real statistic set. */
  result(): number | undefined {
    if (this.count === 0) return undefined;
    switch (this.statistic.kind) {
      case 'Average':
        return this.sum / this.count;
      case 'Sum':
        return this.sum;
      case 'SampleCount':
        return this.count;
      case 'Minimum':
        return this.minimum;
      case 'Maximum':
        return this.maximum;
      case 'percentile':
        return this.exact ? this.nearestRank(this.statistic.rank) : undefined;
      case 'trimmedMean':
        return this.exact ? this.meanBetween(this.statistic.low, this.statistic.high) : undefined;
      case 'trimmedCount':
        return this.exact ? this.countBetween(this.statistic.above, this.statistic.upTo) : undefined;
    }
  }

  private countBetween(above: number, upTo: number): number {
    return this.values.reduce((total, { value, count }) => (value > above && value <= upTo ? total + count : total), 0);
  }

  private nearestRank(rank: number): number {
    this.values.sort((a, b) => a.value - b.value);
    const wanted = Math.max(rank * this.count, Number.MIN_VALUE);
    let seen = 0;
    for (const { value, count } of this.values) {
      seen += count;
      // The tolerance keeps 0.95 * 20 (19.000000000000004) from stepping over the 19th value.
      if (seen >= wanted - 1e-9) return value;
    }
    return this.maximum;
  }

  /** Mean of the sample mass between two fractions; a value on an edge counts with the part that lies inside. */
  private meanBetween(low: number, high: number): number | undefined {
    this.values.sort((a, b) => a.value - b.value);
    let seen = 0;
    let mass = 0;
    let sum = 0;
    for (const { value, count } of this.values) {
      const inside = Math.min(seen + count, high * this.count) - Math.max(seen, low * this.count);
      seen += count;
      if (inside <= 1e-9) continue;
      mass += inside;
      sum += value * inside;
    }
    return mass === 0 ? undefined : sum / mass;
  }
}
