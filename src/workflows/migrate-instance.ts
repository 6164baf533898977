import { workflowInfo } from '@temporalio/workflow';
import { MIGRATE_INSTANCE, type MigrateInstanceInput, type MigrateInstanceResult } from '../contracts/migrate-instance';
import { migrationWorkflowId } from '../contracts/workflow-ids';
import { checkMigrationInput } from '../domain/migration-input';
import type { MigrationPhase } from '../domain/migration-phase';
import { approvalOf } from './migrate-instance/approval';
import { beginMigration } from './migrate-instance/begin-migration';
import { bringUpShadow } from './migrate-instance/bring-up-shadow';
import { enterPhase, finished, goBack } from './migrate-instance/go-back';
import { delegateToLockHolder } from './migrate-instance/lock-holder';
import type { Migration, Shadow } from './migrate-instance/migration';
import { makePlan } from './migrate-instance/make-plan';
import { regionOf } from './migrate-instance/place';
import { bake, moveService } from './migrate-instance/ramp-traffic';
import { finishMove } from './migrate-instance/finish-move';
import { refuseInput } from './refuse-input';
import { tellingQueue } from './migrate-instance/tell-queue';

/**
 * Moves a live instance before it runs out: forecast, reserve, shadow, sync, verify, ramp, bake, drain, retire; or back
 * to where it was from any point before the source's termination.
 */
export async function migrateInstance(input: MigrateInstanceInput): Promise<MigrateInstanceResult> {
  refuseInput(checkMigrationInput(input));
  if (workflowInfo().workflowId !== migrationWorkflowId(input.instanceId)) return delegateToLockHolder(MIGRATE_INSTANCE, input, `Migrate ${input.instanceId}`);

  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const migration = await beginMigration(input, { workflowId, runId }, input.trigger ?? 'operator');
  return tellingQueue(migration, () => carryOut(migration));
}

async function carryOut(migration: Migration): Promise<MigrateInstanceResult> {
  let result: MigrateInstanceResult;
  try {
    result = await migration.controls.run(() => moveInstance(migration));
  } catch (error) {
    return goBack(migration, error);
  }
  return finished(migration, result);
}

/** The story. Every act registers its way back before it begins. */
async function moveInstance(migration: Migration): Promise<MigrateInstanceResult> {
  const { progress } = migration;
  const enter = (phase: MigrationPhase): Promise<void> => enterPhase(migration, phase);

  await enter('forecast');
  const planned = await makePlan(migration, () => enter('plan'));
  if (planned.kind !== 'Go') return planned;

  await enter('approve');
  const refusal = await approvalOf(planned.migration);
  if (refusal !== null) return { kind: 'Refused', ...refusal };

  const { shadow, shift } = await bringUpShadow(planned.migration, enter);
  if (shift !== null || shadow.state !== null) {
    await enter('ramp');
    const watch = await moveService(planned.migration, shift, shadow.state);
    await enter('bake');
    await bake(planned.migration, watch, shadow.state);
  }
  const left = await finishMove(planned.migration, shadow, shift, shadow.state, enter);
  const common = { phases: progress.phases };
  if (left.length > 0) return { kind: 'NeedsOperator', phase: 'release', reasons: ['the move is complete, but not everything could be given back'], left, ...common };
  return {
    kind: 'Completed',
    instanceId: migration.input.instanceId,
    replacementId: shadow.instanceId,
    zone: shadow.rung.zone,
    ...regionOf(migration.there),
    shape: shadow.rung.shape,
    notes: [shadow.rung.why, ...(planned.migration.network?.notes ?? []), ...afterStopNote(shadow)],
    ...common,
  };
}

/** AWS changes this setting of stopped instances only, and starts none that names a reservation which is gone. */
function afterStopNote({ instanceId, reservation }: Shadow): string[] {
  return reservation === null ? [] : [`${instanceId} was launched into ${reservation.reservationId}, which is given back: once it was stopped, change its capacity reservation setting to "open" before it is started again`];
}
