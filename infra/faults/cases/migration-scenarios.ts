import { MIGRATE_INSTANCE } from '../../../src/contracts/migrate-instance';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import { NO_FURTHER } from './scenario';
import type { Scenario } from './scenario';

/** A busy machine makes an instance look busy: a larger one must be allowed, or a move is refused for want of a target. */
const PACE = { rampStepsPercent: [50, 100], rampStepMs: 1_500, bakeMs: 1_500, zones: ['us-east-1a', 'us-east-1b'], shapes: ['m7i.large', 'm7i.xlarge', 'm7i.2xlarge'] } as const;

/** The last activity with a way back: from here every undo is needed. */
const AT_THE_END_OF_DRAIN = { activity: 'verifySourceIdle', occurrence: 1, directive: NO_FURTHER } as const;

function move(name: string, expects: string, change: Partial<MigrateInstanceInput>, more: Partial<Scenario> = {}): Scenario {
  return {
    name: `${MIGRATE_INSTANCE}/${name}`,
    expects,
    start: ({ instanceIds: [instanceId = ''] }) => ({ type: MIGRATE_INSTANCE, workflowId: migrationWorkflowId(instanceId), input: { instanceId, reason: name, ...PACE, ...change } }),
    canAbort: true,
    serving: ({ instanceIds: [source = '', ...others] }, { result }) => {
      const migrated = result as MigrateInstanceResult | null;
      return [migrated?.kind === 'Completed' ? migrated.replacementId : source, ...others];
    },
    ...more,
  };
}

/** Moves of an instance by each strategy, there and back. */
export const MIGRATION_SCENARIOS: readonly Scenario[] = [
  move('none', 'Completed', { sync: 'none' }),
  move('none-back', 'RolledBack', { sync: 'none' }, { turn: AT_THE_END_OF_DRAIN }),
  move('image', 'Completed', { sync: 'image' }, { writesBefore: 'snapshotSource' }),
  move('image-back', 'RolledBack', { sync: 'image' }, { writesBefore: 'snapshotSource', turn: AT_THE_END_OF_DRAIN }),
  move('blocks', 'Completed', { sync: 'blocks' }, { writesBefore: 'snapshotSource' }),
];
