import { createTimeOfDayDeviation } from '../../../src/forecasting/anomaly/time-of-day-deviation';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the deviation from the time of day', () => {
  it('is not known before two values came at that time, and is then the distance to their mean', () => {
    const timeOfDay = createTimeOfDayDeviation();
    expect([10, 20, 25].map((value, day) => timeOfDay.observe(value, day * DAY_MS))).toEqual([null, null, 10]);
    expect(timeOfDay.observe(99, 3 * DAY_MS + HOUR_MS)).toBeNull();
  });

  it('follows a new usual within a week of days', () => {
    const timeOfDay = createTimeOfDayDeviation();
    for (let day = 0; day < 20; day++) timeOfDay.observe(10, day * DAY_MS);
    const deviations = Array.from({ length: 14 }, (_, i) => timeOfDay.observe(50, (20 + i) * DAY_MS) as number);
    expect(deviations[0]).toBe(40);
    expect(deviations[7]).toBeLessThan(6);
  });

  it('knows the day before 1970 as well', () => {
    const timeOfDay = createTimeOfDayDeviation();
    timeOfDay.observe(4, -DAY_MS + HOUR_MS);
    timeOfDay.observe(4, -5 * DAY_MS + HOUR_MS);
    expect(timeOfDay.observe(7, HOUR_MS + 1)).toBe(3);
  });
});
