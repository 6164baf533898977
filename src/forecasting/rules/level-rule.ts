import { enoughPaths, type PathRule } from './path-rule';

/** The load stays at one of the levels of the last `lookBack` steps. */
export function createLevelRule(lookBack: number): PathRule {
  return {
    name: `level-${lookBack}`,
    paths({ values, end }) {
      const levels = values.subarray(Math.max(0, end - lookBack), end);
      return enoughPaths({ count: levels.length, column: (_h, into) => into.set(levels) });
    },
  };
}
