import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, defineSignal, getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import { QUEUE_MESSAGES } from '../../contracts/migration-queue';
import type { MoveEndedArgs } from '../../contracts/migration-queue';
import { endOfFailure, endOfMigration } from '../../domain/queue/end-of-migration';
import type { MoveEnd } from '../../domain/queue/move-events';
import type { Migration } from './migration';
import { sentenceOf } from '../sentence-of';

export const moveEndedSignal = defineSignal<[MoveEndedArgs]>(QUEUE_MESSAGES.moveEnded);

/** Tells the queue that began the migration how it ended, whichever way that is. Others are told nothing: their histories hold no such signal. */
export async function tellingQueue({ input, progress, controls }: Migration, work: () => Promise<MigrateInstanceResult>): Promise<MigrateInstanceResult> {
  const { queueId, queueItemId } = input;
  if (queueId === undefined || queueItemId === undefined) return work();
  let end: MoveEnd = { outcome: 'failed', replacementId: null, toPool: null, reason: 'it ended without a word' };
  try {
    const result = await work();
    end = endOfMigration(result);
    if (controls.aborting !== null && result.kind === 'RolledBack') end = { ...end, outcome: 'aborted' };
    // Where only the tidying failed the replacement serves: its cooldown needs its name.
    if (result.kind === 'NeedsOperator' && result.phase === 'release') end = { ...end, replacementId: progress.shadowId };
    return result;
  } catch (error) {
    end = endOfError(error);
    throw error;
  } finally {
    // A queue that is gone, or the signal's loss, ends nothing: the queue also looks by itself.
    await CancellationScope.nonCancellable(() => getExternalWorkflowHandle(queueId).signal(moveEndedSignal, { itemId: queueItemId, ...end })).catch(() => undefined);
  }
}

function endOfError(error: unknown): MoveEnd {
  if (isCancellation(error)) return { outcome: 'aborted', replacementId: null, toPool: null, reason: 'cancelled from outside' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return endOfFailure(cause instanceof ApplicationFailure ? (cause.type ?? null) : null, sentenceOf(error));
}
