import { costQuantile, policyQuantile } from '../../src/domain/cost-quantile';
import { DEFAULT_POLICY } from '../../src/domain/migration-policy';

const LEVELS = [0.05, 0.1, 0.5, 0.9, 0.95];

describe('the quantile to provision for', () => {
  it('is the share of the costs that too little has, within the levels', () => {
    expect(costQuantile(4, 1, LEVELS)).toBeCloseTo(0.8);
    expect(costQuantile(1000, 1, LEVELS)).toBe(0.95);
    expect(() => costQuantile(0, 1, LEVELS)).toThrow(/underCost/);
  });

  it('is the one that a policy names, unless it gives costs', () => {
    expect(policyQuantile(DEFAULT_POLICY.forecast)).toBe(0.9);
    expect(policyQuantile({ ...DEFAULT_POLICY.forecast, underToOverCostRatio: 4 })).toBeCloseTo(0.8);
    expect(() => policyQuantile({ quantile: 0.9, underToOverCostRatio: -1 })).toThrow(/underCost/);
  });
});
