import { MIGRATE_INSTANCE } from '../../../src/contracts/migrate-instance';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import { REHEARSE_ROLLBACK, type RehearseRollbackInput } from '../../../src/contracts/rehearse-rollback';
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

/** Moves of an instance by each strategy, there and back, and a rehearsal of the way back. */
export const MIGRATION_SCENARIOS: readonly Scenario[] = [
  move('none', 'Completed', { sync: 'none' }),
  move('none-back', 'RolledBack', { sync: 'none' }, { turn: AT_THE_END_OF_DRAIN }),
  move('image', 'Completed', { sync: 'image' }, { writesBefore: 'snapshotSource' }),
  move('image-back', 'RolledBack', { sync: 'image' }, { writesBefore: 'snapshotSource', turn: AT_THE_END_OF_DRAIN }),
  move('blocks', 'Completed', { sync: 'blocks' }, { writesBefore: 'snapshotSource' }),
  {
    name: `${REHEARSE_ROLLBACK}/none`,
    expects: 'Rehearsed',
    start: ({ instanceIds: [instanceId = ''] }) => {
      const input: RehearseRollbackInput = { instanceId, sync: 'none', sharePercent: 20, stepMs: PACE.rampStepMs, zones: PACE.zones, shapes: PACE.shapes };
      return { type: REHEARSE_ROLLBACK, workflowId: migrationWorkflowId(instanceId), input };
    },
    canAbort: true,
    serving: ({ instanceIds }) => instanceIds,
  },
];
