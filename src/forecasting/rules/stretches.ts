import { enoughPaths, type PathSet } from './path-rule';

/** What followed past moments, as it was. */
export function stretchesFrom(values: Float64Array, origins: ArrayLike<number>): PathSet | null {
  return enoughPaths({
    count: origins.length,
    column(h, into) {
      for (let s = 0; s < origins.length; s++) into[s] = values[(origins[s] as number) + h] as number;
    },
  });
}

/** What followed past moments, put upon another level: where a stretch does not differ from `from[s]` the path is exactly at `to`. */
export function movedStretches(values: Float64Array, origins: ArrayLike<number>, from: ArrayLike<number>, to: number): PathSet | null {
  return enoughPaths({
    count: origins.length,
    column(h, into) {
      for (let s = 0; s < origins.length; s++) {
        const value = values[(origins[s] as number) + h] as number;
        const base = from[s] as number;
        // A stretch on the same level already stays as it was: idle load must not gain rounding noise.
        into[s] = base === to ? value : to + (value - base);
      }
    },
  });
}

/** What followed past moments as changes from the value just before each, put upon `last`. */
export function changesUpon(values: Float64Array, last: number, origins: readonly number[]): PathSet | null {
  return movedStretches(values, origins, Float64Array.from(origins, (origin) => values[origin - 1] as number), last);
}
