import { generateHistory, type HistoryOptions } from '../../../../infra/local/demo/history-generator';

const DAY = 288;
const MONDAY = Date.UTC(2026, 0, 5);
const options: HistoryOptions = { seed: 7, profile: 'steady', metric: 'cpuPercent', startAtMs: MONDAY, stepMs: 300_000, points: 14 * DAY };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const hours = (values: readonly number[], day: number, from: number, to: number) => values.slice(day * DAY + from * 12, day * DAY + to * 12);

describe('generated history', () => {
  it('is the same for the same seed and another for another', () => {
    expect(generateHistory(options)).toEqual(generateHistory(options));
    expect(generateHistory({ ...options, seed: 8 })).not.toEqual(generateHistory(options));
  });

  it('works in office hours, rests at night and at weekends', () => {
    const values = generateHistory({ ...options, profile: 'office-hours' });
    expect(mean(hours(values, 1, 10, 12))).toBeGreaterThan(2 * mean(hours(values, 1, 1, 4)));
    expect(mean(hours(values, 1, 10, 12))).toBeGreaterThan(1.5 * mean(hours(values, 5, 10, 12)));
  });

  it('runs its batch at night', () => {
    const values = generateHistory({ ...options, profile: 'night-batch' });
    expect(mean(hours(values, 2, 2, 3))).toBeGreaterThan(3 * mean(hours(values, 2, 12, 20)));
  });

  it('grows to its limit at the time that was chosen, and stays below it long before', () => {
    const values = generateHistory({ ...options, profile: 'growing', points: 16 * DAY, growth: { limit: 80, passesAfterPoints: 14 * DAY + 180 } });
    expect(mean(values.slice(14 * DAY + 168, 14 * DAY + 192))).toBeCloseTo(80, -1);
    expect(Math.max(...values.slice(0, 10 * DAY))).toBeLessThan(80);
  });

  it.each(['cpuPercent', 'memoryPercent', 'networkBytesPerSecond'] as const)('keeps %s within what is possible', (metric) => {
    for (const profile of ['steady', 'office-hours', 'night-batch', 'growing'] as const) {
      const values = generateHistory({ ...options, profile, metric, points: 4000, growth: { passesAfterPoints: 500 } });
      const top = metric === 'networkBytesPerSecond' ? 125_000_000 : 100;
      expect(values.every((value) => value >= 0 && value <= top)).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(500);
    }
  });
});
