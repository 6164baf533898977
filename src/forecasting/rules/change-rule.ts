import { MAX_PATHS, enoughPaths, spreadOrigins, type PathRule } from './path-rule';

/** The last value plus what followed it at earlier times: "last value with its empirical spread". `lookBack` is in steps. */
export function createChangeRule(name: string, lookBack: number): PathRule {
  return {
    name,
    paths({ values, end }, horizon) {
      const last = values[end - 1] as number;
      const origins = spreadOrigins(Math.max(1, end - horizon - lookBack), end - horizon, MAX_PATHS);
      return enoughPaths(origins.map((origin) => continueFrom(values, last, origin, horizon)));
    },
  };
}

/** The changes that followed `origin`, put upon `last`. Where nothing changed the value stays exact. */
export function continueFrom(values: Float64Array, last: number, origin: number, horizon: number): Float64Array {
  const base = values[origin - 1] as number;
  const path = values.slice(origin, origin + horizon);
  if (base === last) return path;
  for (let h = 0; h < horizon; h++) {
    const value = path[h] as number;
    path[h] = value === base ? last : last + (value - base);
  }
  return path;
}
