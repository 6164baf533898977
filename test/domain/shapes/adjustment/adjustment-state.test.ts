import fc from 'fast-check';
import { createRandomStream } from '../../../../src/domain/seeded-random';
import { INITIAL_STATE, learnFromError } from '../../../../src/domain/shapes/adjustment/adjustment-state';

test('the margin settles where the quantile is exceeded as often as it says', () => {
  const random = createRandomStream(5);
  let state = INITIAL_STATE;
  let exceeded = 0;
  const steps = 20_000;
  for (let i = 0; i < steps; i++) {
    // Uniform in 0..100 with a forecast 0.95 quantile of 80: the true one is 95.
    const value = 100 * random();
    if (value > 80 * (state.margins.cpuPercent ?? 1)) exceeded += 1;
    state = learnFromError(state, 'cpuPercent', { value, quantile: 80 }, 0.95, 0.02);
  }
  expect(exceeded / steps).toBeCloseTo(0.05, 2);
  expect(state.margins.cpuPercent).toBeGreaterThan(1.1);
});

test('a forecast that holds is not cut, metrics have margins of their own, and the margin has an end', () => {
  const quiet = learnFromError(INITIAL_STATE, 'cpuPercent', { value: 10, quantile: 50 }, 0.95, 0.02);
  expect(quiet).toBe(INITIAL_STATE);
  fc.assert(
    fc.property(fc.array(fc.record({ value: fc.double({ min: 0, max: 1e6, noNaN: true }), quantile: fc.double({ min: 0, max: 1e6, noNaN: true }) }), { maxLength: 200 }), (all) => {
      const { margins } = all.reduce((so, one) => learnFromError(so, 'memoryPercent', one, 0.95, 0.5), INITIAL_STATE);
      expect(margins.memoryPercent ?? 1).toBeGreaterThanOrEqual(1);
      expect(margins.memoryPercent ?? 1).toBeLessThanOrEqual(1.5);
      expect(margins.cpuPercent).toBeUndefined();
    }),
  );
});
