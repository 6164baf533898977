import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, isCancellation, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../contracts/migrate-instance';
import { INSTANCE_ATTRIBUTE, SERVICE_ATTRIBUTE, TRIGGER_ATTRIBUTE } from '../contracts/search-attributes';
import { migrationWorkflowId } from '../contracts/workflow-ids';
import { checkMigrationInput } from '../domain/migration-input';
import { isPastPointOfNoReturn } from '../domain/migration-phase';
import type { MigrationPhase } from '../domain/migration-phase';
import { locals } from './migrate-instance/activities';
import { NoCapacity } from './capacity-refusal';
import { approvalOf } from './migrate-instance/approval';
import { Controls } from './migrate-instance/controls';
import { createShadow } from './migrate-instance/create-shadow';
import { leftoversAsFarAsKnown } from './migrate-instance/leftovers';
import { delegateToLockHolder } from './migrate-instance/lock-holder';
import type { Migration, Shadow } from './migrate-instance/migration';
import { makePlan } from './migrate-instance/make-plan';
import { placeOf, regionOf } from './migrate-instance/place';
import { Progress } from './migrate-instance/progress';
import { bake, moveService } from './migrate-instance/ramp-traffic';
import { reserveCapacity } from './migrate-instance/reserve-capacity';
import { drainSource, releaseLeftovers, retireSource } from './migrate-instance/retire-source';
import { syncState } from './migrate-instance/sync-state';
import { refuseInput } from './refuse-input';
import { UndoStack } from './undo-stack';
import { sentenceOf } from './sentence-of';
import { tellingQueue } from './migrate-instance/tell-queue';
import { verifyShadow } from './migrate-instance/verify-shadow';
import { withOverrides } from './migrate-instance/policy-overrides';

/**
 * Moves a live instance before it runs out: forecast, reserve, shadow, sync, verify, ramp, bake, drain, retire; or back
 * to where it was from any point before the source's termination.
 */
export async function migrateInstance(input: MigrateInstanceInput): Promise<MigrateInstanceResult> {
  refuseInput(checkMigrationInput(input));
  if (workflowInfo().workflowId !== migrationWorkflowId(input.instanceId)) return delegateToLockHolder(input);

  const migration = await beginMigration(input);
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
  const { progress, controls } = migration;
  const enter = async (phase: MigrationPhase): Promise<void> => {
    await controls.safePoint();
    await recordCommands(migration);
    await progress.enter(phase);
  };

  await enter('forecast');
  const planned = await makePlan(migration, () => enter('plan'));
  if (planned.kind !== 'Go') return planned;

  await enter('approve');
  const refusal = await approvalOf(planned.migration);
  if (refusal !== null) return { kind: 'Refused', error: 'ApprovalExpired', reasons: [refusal] };

  await enter('reserve');
  const reserved = await reserveCapacity(planned.migration);
  await enter('shadow');
  const shadow = await createShadow(planned.migration, reserved);
  await enter('sync');
  const synced = await syncState(planned.migration, shadow);
  await enter('verify');
  const shift = await verifyShadow(planned.migration, synced);
  if (shift !== null || synced.state !== null) {
    await enter('ramp');
    const watch = await moveService(planned.migration, shift, synced.state);
    await enter('bake');
    await bake(planned.migration, watch, synced.state);
  }
  await enter('drain');
  await drainSource(planned.migration, shadow, shift);
  await enter('retire');
  await retireSource(planned.migration, synced.state);
  await shielded(() => progress.enter('release'));
  const left = await releaseLeftovers(planned.migration, shift);
  progress.left = left;
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

async function beginMigration(input: MigrateInstanceInput): Promise<Migration> {
  const info = workflowInfo();
  const trigger = input.trigger ?? 'operator';
  const undo = new UndoStack();
  const progress = new Progress(input.instanceId, trigger);
  const controls: Controls = new Controls(() =>
    progress.status({ paused: controls.paused, aborting: controls.aborting, awaitingApproval: controls.gate }, undo.names()),
  );
  upsertSearchAttributes([
    { key: INSTANCE_ATTRIBUTE, value: input.instanceId },
    { key: TRIGGER_ATTRIBUTE, value: trigger },
    { key: SERVICE_ATTRIBUTE, value: 'unknown' },
  ]);
  const policy = withOverrides(await locals.resolvePolicy(), input);
  const here = placeOf(policy.pollMs);
  return {
    input,
    owner: { workflowId: info.workflowId, runId: info.firstExecutionRunId },
    policy,
    progress,
    controls,
    undo,
    waiting: here.waiting,
    here,
    there: here,
    passPointOfNoReturn: () => {
      controls.noReturn = `${input.instanceId} is past the point of no return: its replacement serves and the source is being terminated`;
    },
  };
}

/** Ends a migration that cannot go on: nothing was begun, all of it undone, or an operator is told what is left. */
async function goBack(migration: Migration, error: unknown): Promise<MigrateInstanceResult> {
  const { progress, controls, undo } = migration;
  const phase = progress.phase === 'rollback' || progress.phase === 'done' ? 'release' : progress.phase;
  const reason = controls.aborting ?? (isCancellation(error) ? 'cancelled from outside' : sentenceOf(error));
  const reasons = error instanceof NoCapacity ? error.reasons : [reason];
  const nothingBegun = undo.names().length === 0 && !isPastPointOfNoReturn(phase);
  if (nothingBegun) {
    await shielded(async () => {
      await recordCommands(migration);
      await progress.audit('refusal', `refused in phase ${phase}`, { reason });
    });
    if (controls.aborting === null) throw isCancellation(error) ? error : plainFailure(error);
    return finished(migration, { kind: 'Refused', error: 'Aborted', reasons });
  }
  await shielded(async () => {
    await recordCommands(migration);
    await progress.enter('rollback', reason);
  });
  const failed = await undo.unwind((name) => progress.note(name));
  const leftovers = await shielded(() => leftoversAsFarAsKnown(migration));
  const left = [...failed, ...leftovers];
  progress.left = left;
  if (left.length > 0 || isPastPointOfNoReturn(phase)) {
    return finished(migration, { kind: 'NeedsOperator', phase, reasons, left, phases: progress.phases });
  }
  if (error instanceof NoCapacity) return finished(migration, { kind: 'Refused', error: 'InsufficientCapacity', reasons });
  const result = await finished(migration, { kind: 'RolledBack', phase, reasons, phases: progress.phases });
  // Whoever cancelled from outside sees a cancelled workflow; the audit and the details say that it was undone.
  if (isCancellation(error) && controls.aborting === null) throw error;
  return result;
}

async function finished<R extends MigrateInstanceResult>(migration: Migration, result: R): Promise<R> {
  await shielded(() => migration.progress.finish(result));
  return result;
}

/** Operators' words are audited at the next step, in order, before what follows from them. */
async function recordCommands({ controls, progress }: Migration): Promise<void> {
  for (let command = controls.unrecorded.shift(); command !== undefined; command = controls.unrecorded.shift()) {
    await progress.audit(command.kind === 'approve' ? 'approval' : 'operator', command.text, { actor: command.by });
  }
}

function shielded<T>(work: () => Promise<T>): Promise<T> {
  return CancellationScope.nonCancellable(work);
}

/** The sentence itself instead of "Activity task failed": it is what the Temporal UI and the command line show first. */
function plainFailure(error: unknown): unknown {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return error;
  return ApplicationFailure.create({ type: cause.type ?? 'Error', message: cause.message, nonRetryable: true });
}
