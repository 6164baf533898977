import { quantileOfSorted } from '../quantile-of-sorted';
import { evidenceOf, type ChildForecast, type MarginalForecast } from './child-forecast';

/** From so many days of values on a child is forecast from its own past alone. */
const KNOWN_AFTER_DAYS = 2;

/** What instances of each pool do as shares of their capacity, asked for by those that have no past of their own. */
export interface PoolDistributions {
  /** The child's forecast, its own as far as it has shown, for the rest its pool's; null where there is neither. */
  blend(child: ChildForecast): { readonly forecast: MarginalForecast; readonly borrowed: boolean } | null;
}

export function createPoolDistributions(children: readonly ChildForecast[], levels: readonly number[], dayLength: number): PoolDistributions {
  const knownAfter = KNOWN_AFTER_DAYS * dayLength;
  const made = new Map<string, MarginalForecast | null>();
  const shareOfOwn = (child: ChildForecast) => (child.forecast === null ? 0 : Math.min(1, evidenceOf(child) / knownAfter));
  const poolOf = (name: string): MarginalForecast | null => {
    const found = made.get(name);
    if (found !== undefined) return found;
    const pool = pooled(children.filter((child) => child.localities[0] === name && shareOfOwn(child) === 1), levels);
    made.set(name, pool);
    return pool;
  };
  return {
    blend(child) {
      const own = shareOfOwn(child);
      const pool = own === 1 ? null : poolOf(child.localities[0] ?? '');
      if (pool === null) return child.forecast === null ? null : { forecast: child.forecast, borrowed: false };
      return { forecast: mix(child.forecast ?? pool, own, pool, child.capacity), borrowed: true };
    },
  };
}

/** All settled siblings' quantiles thrown together: a new instance may turn out like any of them. */
function pooled(siblings: readonly ChildForecast[], levels: readonly number[]): MarginalForecast | null {
  const known = siblings.flatMap(({ forecast, capacity }) => (forecast === null ? [] : [{ forecast, capacity }]));
  const steps = known[0]?.forecast.quantiles.length;
  if (steps === undefined) return null;
  const together = (rowOf: (one: MarginalForecast) => readonly number[]): number[] => {
    const shares = Float64Array.from(known.flatMap(({ forecast, capacity }) => rowOf(forecast).map((value) => value / capacity))).sort();
    return levels.map((level) => quantileOfSorted(shares, level));
  };
  const quantiles = Array.from({ length: steps }, (_, h) => together((one) => one.quantiles[h] as readonly number[]));
  const mean = Array.from({ length: steps }, (_, h) => known.reduce((sum, { forecast, capacity }) => sum + (forecast.mean[h] as number) / capacity, 0) / known.length);
  return { quantiles, mean, peak: together((one) => one.peak) };
}

function mix(own: MarginalForecast, share: number, pool: MarginalForecast, capacity: number): MarginalForecast {
  const between = (mine: number, theirs: number) => share * mine + (1 - share) * theirs * capacity;
  return {
    quantiles: pool.quantiles.map((row, h) => row.map((value, l) => between(own.quantiles[h]?.[l] ?? 0, value))),
    mean: pool.mean.map((value, h) => between(own.mean[h] ?? 0, value)),
    peak: pool.peak.map((value, l) => between(own.peak[l] ?? 0, value)),
  };
}
