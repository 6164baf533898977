import { continueFrom } from './change-rule';
import { enoughPaths, type PathRule } from './path-rule';

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
    const now = features(values, end);
    const distances = new Float64Array(lastOrigin - first + 1);
    for (let i = 0; i < distances.length; i++) {
      const then = features(values, first + i);
      for (let k = 0; k < 3; k++) distances[i] = (distances[i] as number) + Math.asinh(((then[k] as number) - (now[k] as number)) / scale) ** 2;
    }
    const farthest = Float64Array.from(distances).sort()[NEIGHBOURS - 1] as number;
    const origins: number[] = [];
    // From the latest on: of moments equally near, the recent ones count.
    for (let i = distances.length - 1; i >= 0 && origins.length < NEIGHBOURS; i--) if ((distances[i] as number) <= farthest) origins.push(first + i);
    const last = values[end - 1] as number;
    return enoughPaths(origins.map((origin) => continueFrom(values, last, origin, horizon)));
  },
};

function features(values: Float64Array, end: number): readonly [number, number, number] {
  let sum = 0;
  let ofThree = 0;
  for (let k = 1; k <= 12; k++) {
    sum += values[end - k] as number;
    if (k === 3) ofThree = sum;
  }
  return [values[end - 1] as number, ofThree / 3, sum / 12];
}
