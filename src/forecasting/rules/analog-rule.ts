import { meanBefore } from './means-before';
import type { PathRule } from './path-rule';
import { changesUpon } from './stretches';

const NEIGHBOURS = 100;

/**
 * What followed the past moments that looked most like now: nearest in last value, mean of 3 and mean of 12, measured on an asinh scale of the
 * recent change so that bursts do not rule the distance (method of analogues, Lorenz 1969).
 */
export const analogRule: PathRule = {
  name: 'analog',
  paths({ values, end }, horizon) {
    const first = 12;
    const lastOrigin = end - horizon;
    if (lastOrigin - first < 2 * NEIGHBOURS) return null;
    let change = 0;
    const recent = Math.min(288, end - 1);
    for (let i = end - recent; i < end; i++) change += Math.abs((values[i] as number) - (values[i - 1] as number));
    const scale = change / recent;
    if (scale === 0) return null;
    const now = [values[end - 1] as number, meanBefore(values, end, 3), meanBefore(values, end, 12)] as const;
    const distances = new Float64Array(lastOrigin - first + 1);
    for (let i = 0; i < distances.length; i++) {
      const origin = first + i;
      distances[i] = apart(values[origin - 1] as number, now[0], scale) + apart(meanBefore(values, origin, 3), now[1], scale) + apart(meanBefore(values, origin, 12), now[2], scale);
    }
    const farthest = Float64Array.from(distances).sort()[NEIGHBOURS - 1] as number;
    const origins: number[] = [];
    // From the latest on: of moments equally near, the recent ones count.
    for (let i = distances.length - 1; i >= 0 && origins.length < NEIGHBOURS; i--) if ((distances[i] as number) <= farthest) origins.push(first + i);
    return changesUpon(values, values[end - 1] as number, origins);
  },
};

function apart(then: number, now: number, scale: number): number {
  return Math.asinh((then - now) / scale) ** 2;
}
