import type { MigrateInstanceInput } from '../../contracts/migrate-instance';
import type { MigrationPolicy } from '../../domain/migration-policy';

/** The worker's policy with what this one migration was told otherwise. */
export function withOverrides(policy: MigrationPolicy, input: MigrateInstanceInput): MigrationPolicy {
  return {
    ...policy,
    ramp: {
      ...policy.ramp,
      stepsPercent: input.rampStepsPercent ?? policy.ramp.stepsPercent,
      stepMs: input.rampStepMs ?? policy.ramp.stepMs,
      withoutEvidence: input.withoutEvidence ?? policy.ramp.withoutEvidence,
    },
    sync: { ...policy.sync, maxPauseMs: input.maxPauseMs ?? policy.sync.maxPauseMs },
    bakeMs: input.bakeMs ?? policy.bakeMs,
    approvalTimeoutMs: input.approvalTimeoutMs ?? policy.approvalTimeoutMs,
  };
}
