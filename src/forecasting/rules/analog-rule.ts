import { meansBefore } from './means-before';
import type { PathRule } from './path-rule';
import { smallest } from './smallest';
import { changesUpon } from './stretches';

const NEIGHBOURS = 100;

/**
 * What followed the past moments that looked most like now: nearest in last value, mean of 3 and mean of 12, measured on a logarithmic scale of
 * the recent change so that bursts do not rule the distance (method of analogues, Lorenz 1969).
 */
export const analogRule: PathRule = {
  name: 'analog',
  paths({ values, end }, horizon) {
    const first = 12;
    const lastOrigin = end - horizon;
    if (lastOrigin - first < 2 * NEIGHBOURS) return null;
    const scale = recentChange(values, end);
    if (scale === 0) return null;
    const ofThree = meansBefore(values, end, 3);
    const ofTwelve = meansBefore(values, end, 12);
    const last = values[end - 1] as number;
    const distances = new Float64Array(lastOrigin - first + 1);
    for (let i = 0; i < distances.length; i++) {
      const origin = first + i;
      distances[i] =
        apart((values[origin - 1] as number) - last, scale) +
        apart((ofThree[origin] as number) - (ofThree[end] as number), scale) +
        apart((ofTwelve[origin] as number) - (ofTwelve[end] as number), scale);
    }
    const farthest = smallest(distances, NEIGHBOURS);
    const origins: number[] = [];
    // From the latest on: of moments equally near, the recent ones count.
    for (let i = distances.length - 1; i >= 0 && origins.length < NEIGHBOURS; i--) if ((distances[i] as number) <= farthest) origins.push(first + i);
    return changesUpon(values, last, origins);
  },
};

function recentChange(values: Float64Array, end: number): number {
  const recent = Math.min(288, end - 1);
  let change = 0;
  for (let i = end - recent; i < end; i++) change += Math.abs((values[i] as number) - (values[i - 1] as number));
  return change / recent;
}

/** Square of `asinh(difference / scale)`. */
function apart(difference: number, scale: number): number {
  const size = Math.abs(difference) / scale;
  return Math.log(size + Math.sqrt(size * size + 1)) ** 2;
}
