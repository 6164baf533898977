import type { MigrationPolicy } from '../../../src/domain/migration-policy';

/**
 * Services of the matrix get a few requests a second, some of them slow on purpose: a step must pass by so many of them, or a case takes a minute, and what takes its
 * time by chance is no regression. Errors are judged as ever.
 */
export function quickPolicy(policy: MigrationPolicy): MigrationPolicy {
  const { ramp } = policy;
  const { gate } = ramp;
  const intolerable = { ...gate.intolerable, slow: { ratio: 2, margin: 0.9 } };
  return { ...policy, ramp: { ...ramp, gate: { ...gate, minRequests: 4, falsePassRate: 0.6, latencyRatio: 10, latencyToleranceMs: 5_000, intolerable, alone: { ...gate.alone, latencyRatio: 10 } } } };
}
