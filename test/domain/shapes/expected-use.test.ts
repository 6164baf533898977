import { DEFAULT_ADJUSTMENT_POLICY } from '../../../src/domain/shapes/adjustment/adjustment-policy';
import { INITIAL_STATE } from '../../../src/domain/shapes/adjustment/adjustment-state';
import { expectedUse, learnFromUse } from '../../../src/domain/shapes/adjustment/expected-use';
import { MINUTE, cpuForecast } from '../../../infra/bench/plan/generated-fleet';

const STEP = 5 * MINUTE;

describe('what was expected until the next look', () => {
  it('is one upper quantile a step, for the first hour alone', () => {
    const expected = expectedUse({ cpuPercent: cpuForecast((step) => step, 0) }, 0.95);
    expect(expected).toMatchObject({ issuedAtMs: 0, stepMs: STEP });
    expect(expected?.quantiles.cpuPercent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(expectedUse({}, 0.95)).toBeNull();
  });

  it('teaches by the values of its own steps and by no others', () => {
    const policy = { ...DEFAULT_ADJUSTMENT_POLICY, errorRate: 0.1 };
    const expected = { issuedAtMs: 0, stepMs: STEP, quantiles: { cpuPercent: [50, 80] } };
    // The last value that the forecast knew stands at the end of its step; the one after it is the first that was forecast.
    const at = (step: number, cpuPercent: number | null) => ({ atMs: (step + 2) * STEP, cpuPercent, memoryPercent: null });
    const margin = (...observed: ReturnType<typeof at>[]) => learnFromUse(INITIAL_STATE, expected, observed, policy).margins.cpuPercent;
    expect(margin(at(0, 60))).toBeGreaterThan(1);
    expect(margin(at(1, 60))).toBeUndefined();
    expect(margin(at(1, 81))).toBeGreaterThan(1);
    expect(margin(at(-1, 99), at(2, 99), at(0, null))).toBeUndefined();
  });
});
