import { MAX_PATHS, spreadOrigins, type PathRule } from './path-rule';
import { changesUpon } from './stretches';

/** The last value plus what followed it at earlier times: "last value with its empirical spread". `lookBack` is in steps. */
export function createChangeRule(name: string, lookBack: number): PathRule {
  return {
    name,
    paths({ values, end }, horizon) {
      const origins = spreadOrigins(Math.max(1, end - horizon - lookBack), end - horizon, MAX_PATHS);
      return changesUpon(values, values[end - 1] as number, origins);
    },
  };
}
