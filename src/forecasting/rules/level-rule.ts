import { enoughPaths, type PathRule } from './path-rule';

/** The load stays at one of the levels of the last `lookBack` steps. */
export function createLevelRule(lookBack: number): PathRule {
  return {
    name: `level-${lookBack}`,
    paths({ values, end }, horizon) {
      const levels = values.subarray(Math.max(0, end - lookBack), end);
      return enoughPaths(Array.from(levels, (level) => new Float64Array(horizon).fill(level)));
    },
  };
}
