import { workflowInfo } from '@temporalio/workflow';
import type { MigrateInstanceInput } from '../contracts/migrate-instance';
import { REHEARSE_ROLLBACK, type RehearseRollbackInput, type RehearseRollbackResult } from '../contracts/rehearse-rollback';
import { migrationWorkflowId } from '../contracts/workflow-ids';
import { DRILL_TRIGGER } from '../domain/autonomy/actors';
import { checkRehearsalInput } from '../domain/rehearsal-input';
import { say } from './activity-proxies';
import { steps } from './capacity-proxies';
import { beginMigration } from './migrate-instance/begin-migration';
import { finished, goBack } from './migrate-instance/go-back';
import { delegateToLockHolder } from './migrate-instance/lock-holder';
import { comeBack } from './rehearse-rollback/come-back';
import { goThere, type AtTheTurn } from './rehearse-rollback/go-there';
import { refuseInput } from './refuse-input';

/**
 * Rehearses the way back of a move: makes a shadow, gives it a little of the traffic under the judge, goes back on purpose and measures how long that takes. The source serves all
 * the time and is never stopped. It runs under the instance's lock, the id of its moves, so that what is left of it is recovered like a move.
 */
export async function rehearseRollback(input: RehearseRollbackInput): Promise<RehearseRollbackResult> {
  refuseInput(checkRehearsalInput(input));
  const { pool, ...rest } = input;
  const instanceId = input.instanceId ?? (await oldestOf(pool ?? ''));
  if (workflowInfo().workflowId !== migrationWorkflowId(instanceId)) return delegateToLockHolder(REHEARSE_ROLLBACK, { ...rest, instanceId }, `Rehearse the way back of ${instanceId}`);

  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const migration = await beginMigration(moveOf(instanceId, input), { workflowId, runId }, DRILL_TRIGGER);
  let there: AtTheTurn | Exclude<RehearseRollbackResult, { kind: 'Rehearsed' }>;
  try {
    there = await migration.controls.run(() => goThere(migration, input.sharePercent ?? null));
  } catch (error) {
    return (await goBack(migration, error)) as RehearseRollbackResult;
  }
  return finished(migration, there.kind === 'AtTheTurn' ? await comeBack(migration, there) : there);
}

/** The move that it is the beginning of. */
function moveOf(instanceId: string, { dryRun, sync, stepMs, zones, shapes, reason }: RehearseRollbackInput): MigrateInstanceInput {
  return {
    instanceId,
    reason: reason ?? 'a rehearsal of the way back',
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(sync === undefined ? {} : { sync }),
    ...(stepMs === undefined ? {} : { rampStepMs: stepMs }),
    ...(zones === undefined ? {} : { zones }),
    ...(shapes === undefined ? {} : { shapes }),
  };
}

async function oldestOf(pool: string): Promise<string> {
  const { instanceId } = await say(steps.findPoolTemplate, `An instance of ${pool}`, { pool });
  return instanceId ?? '';
}
