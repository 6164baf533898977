import type { MigrationPolicy } from '../../../src/domain/migration-policy';

/** Services of the matrix get a few requests a second: a step must pass by so many of them, or a case takes a minute. What is judged is the same. */
export function quickPolicy(policy: MigrationPolicy): MigrationPolicy {
  const { ramp } = policy;
  return { ...policy, ramp: { ...ramp, gate: { ...ramp.gate, minRequests: 4, falsePassRate: 0.6 } } };
}
