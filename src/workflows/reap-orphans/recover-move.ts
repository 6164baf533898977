import { ChildWorkflowFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, executeChild, isCancellation } from '@temporalio/workflow';
import { RECOVER_MIGRATION, type RecoverMigrationInput, type RecoverMigrationResult } from '../../contracts/recover-migration';
import type { ReapOrphansResult } from '../../contracts/reap-orphans';
import { migrationWorkflowId, recoveryLookId } from '../../contracts/workflow-ids';
import { sentenceOf } from '../sentence-of';

type Recover = (input: RecoverMigrationInput) => Promise<RecoverMigrationResult>;

/** Brings a move to its end under its own lock, by the way that its recovery proposes. A shadow that keeps its place is for an operator to decide. */
export async function recoverMove(instanceId: string, actor: string): Promise<ReapOrphansResult['recovered'][number]> {
  const told = (outcome: string, why: string): ReapOrphansResult['recovered'][number] => ({ instanceId, outcome, why });
  try {
    const { assessment } = await start({ instanceId }, recoveryLookId(instanceId));
    const { proposal, sentence } = assessment;
    if (proposal === null || proposal === 'adopt') return told('NeedsOperator', `${sentence}; ${proposal === null ? 'no way is safe' : 'the only safe way is that the shadow keeps its place'}`);
    const { kind } = await start({ instanceId, way: proposal, actor, reason: `left over; ${sentence}` }, migrationWorkflowId(instanceId));
    return told(kind, `${proposal}: ${sentence}`);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ChildWorkflowFailure || error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return told('Failed', sentenceOf(error));
  }
}

/** Whether nothing of the move is left. */
export function isRight(outcome: string): boolean {
  return outcome === 'Completed' || outcome === 'RolledBack';
}

/** What was begun ends by itself, also where the reaper is ended. */
function start(input: RecoverMigrationInput, workflowId: string): Promise<RecoverMigrationResult> {
  return executeChild<Recover>(RECOVER_MIGRATION, { args: [input], workflowId, parentClosePolicy: ParentClosePolicy.ABANDON, staticSummary: `Recover the move of ${input.instanceId}${input.way === undefined ? ' (a look)' : `: ${input.way}`}` });
}
