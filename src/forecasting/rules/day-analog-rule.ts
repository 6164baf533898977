import { meanBefore } from './means-before';
import type { PathRule } from './path-rule';
import { stretchesFrom } from './stretches';

const NEIGHBOURS = 30;
const LONGEST_DAYS = 28;
const REACH = 2;
/** What a moment is compared by: means over the last hour, six hours and day, in steps of a day's parts. */
const WINDOWS_OF_DAY: readonly number[] = [1 / 24, 1 / 4, 1];

/**
 * What followed at this time of day on the past days that had gone most like this one (method of analogues, Lorenz 1969): nearest in the means of
 * the last hour, six hours and day, on an asinh scale of the usual change from day to day.
 */
export const dayAnalogRule: PathRule = {
  name: 'day-analog',
  paths({ values, end, dayLength }, horizon) {
    const windows = WINDOWS_OF_DAY.map((share) => Math.max(1, Math.round(share * dayLength)));
    const origins: number[] = [];
    for (let day = 1; day <= LONGEST_DAYS; day++) {
      for (let beside = -REACH; beside <= REACH; beside++) {
        const origin = end - day * dayLength + beside;
        if (origin >= dayLength && origin + horizon <= end) origins.push(origin);
      }
    }
    if (origins.length < NEIGHBOURS) return null;
    let change = 0;
    for (let i = end - dayLength; i < end; i++) change += Math.abs((values[i] as number) - (values[i - dayLength] as number));
    const scale = change / dayLength;
    if (scale === 0) return null;
    const now = windows.map((steps) => meanBefore(values, end, steps));
    const near = origins.map((origin) => {
      const distance = windows.reduce((sum, steps, k) => sum + Math.asinh((meanBefore(values, origin, steps) - (now[k] as number)) / scale) ** 2, 0);
      return { origin, distance };
    });
    near.sort((a, b) => a.distance - b.distance);
    return stretchesFrom(values, near.slice(0, NEIGHBOURS).map(({ origin }) => origin));
  },
};
