import { MAX_PATHS, type SurePathRule } from './path-rule';

/** Where nothing is known of the spread, a step is assumed to change the load by this share of its size. */
const ASSUMED_CHANGE = 0.05;

/**
 * The fallback for histories of a few points: the last value, spreading like a random walk by the mean change seen or, of one point, by 5 % a
 * step. The paths are the evenly spaced quantiles of a Laplace distribution, whose tails suit load better than a normal's.
 */
export const shortHistoryRule: SurePathRule = {
  name: 'short-history',
  paths({ values, end }) {
    const last = values[end - 1] as number;
    let change = 0;
    for (let i = 1; i < end; i++) change += Math.abs((values[i] as number) - (values[i - 1] as number));
    const scale = end > 1 ? change / (end - 1) : ASSUMED_CHANGE * Math.abs(last);
    const deviations = Float64Array.from({ length: MAX_PATHS }, (_, i) => {
      const level = (i + 0.5) / MAX_PATHS;
      return level < 0.5 ? Math.log(2 * level) : -Math.log(2 - 2 * level);
    });
    return {
      count: MAX_PATHS,
      column(h, into) {
        for (let s = 0; s < MAX_PATHS; s++) into[s] = last + scale * (deviations[s] as number) * Math.sqrt(h + 1);
      },
    };
  },
};
