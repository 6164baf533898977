import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import { isPastPointOfNoReturn, type MigrationPhase } from '../../domain/migration-phase';
import { NoCapacity } from '../capacity-refusal';
import { sentenceOf } from '../sentence-of';
import { leftoversAsFarAsKnown } from './leftovers';
import type { Migration } from './migration';
import type { MoveEnding } from './progress';

/** Ends a migration that cannot go on: nothing was begun, all of it undone, or an operator is told what is left. */
export async function goBack(migration: Migration, error: unknown): Promise<MigrateInstanceResult> {
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
  const left = await undoAll(migration, reason);
  if (left.length > 0 || isPastPointOfNoReturn(phase)) {
    return finished(migration, { kind: 'NeedsOperator', phase, reasons, left, phases: progress.phases });
  }
  if (error instanceof NoCapacity) return finished(migration, { kind: 'Refused', error: 'InsufficientCapacity', reasons });
  const result = await finished(migration, { kind: 'RolledBack', phase, reasons, phases: progress.phases });
  // Whoever cancelled from outside sees a cancelled workflow; the audit and the details say that it was undone.
  if (isCancellation(error) && controls.aborting === null) throw error;
  return result;
}

/** The way back: everything that was begun is undone. Returns what could not be, and what is left over, by name. */
export async function undoAll(migration: Migration, reason: string): Promise<readonly string[]> {
  const { progress, undo } = migration;
  await shielded(async () => {
    await recordCommands(migration);
    await progress.enter('rollback', reason);
  });
  const failed = await undo.unwind((name) => progress.note(name));
  const leftovers = await shielded(() => leftoversAsFarAsKnown(migration));
  progress.left = [...failed, ...leftovers];
  return progress.left;
}

export async function finished<R extends MoveEnding>(migration: Migration, result: R): Promise<R> {
  await shielded(() => migration.progress.finish(result));
  return result;
}

/** The next phase, once nobody holds it; what operators said until then is written down before. */
export async function enterPhase(migration: Migration, phase: MigrationPhase): Promise<void> {
  await migration.controls.safePoint();
  await recordCommands(migration);
  await migration.progress.enter(phase);
}

/** Operators' words are audited at the next step, in order, before what follows from them. */
async function recordCommands({ controls, progress }: Migration): Promise<void> {
  for (let command = controls.unrecorded.shift(); command !== undefined; command = controls.unrecorded.shift()) {
    await progress.audit(command.kind === 'approve' ? 'approval' : 'operator', command.text, { actor: command.by });
  }
}

export function shielded<T>(work: () => Promise<T>): Promise<T> {
  return CancellationScope.nonCancellable(work);
}

/** The sentence itself instead of "Activity task failed": it is what the Temporal UI and the command line show first. */
function plainFailure(error: unknown): unknown {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return error;
  return ApplicationFailure.create({ type: cause.type ?? 'Error', message: cause.message, nonRetryable: true });
}
