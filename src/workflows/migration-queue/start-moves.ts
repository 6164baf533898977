import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { MIGRATE_INSTANCE } from '../../contracts/migrate-instance';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../contracts/migrate-instance';
import type { Inspection } from '../../contracts/migration-queue';
import { isPlanId } from '../../contracts/shape-fleet';
import { isTriggerWorkflowId, migrationWorkflowId } from '../../contracts/workflow-ids';
import { chooseStarts } from '../../domain/queue/choose-starts';
import type { MoveFacts, Start, StartChoice } from '../../domain/queue/choose-starts';
import { isOwnedCapacity } from '../../domain/owned-capacity';
import { beginMove, noteMove } from '../../domain/queue/move-events';
import type { MoveRequest } from '../../domain/queue/move-request';
import type { RunningMove } from '../../domain/queue/queue-state';
import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import { looks } from './activities';
import type { Queue } from './queue';

/** Instances that are looked at in one call, and how often in a turn: the rest waits for the next turn. */
const LOOKS_IN_CALL = 20;
const CALLS_IN_TURN = 10;

/** Begins what may begin, each on facts that are as old as one call. Returns why the others do not, and whether a look may change that. */
export async function startMoves(queue: Queue): Promise<StartChoice> {
  const instances = new Map<string, MoveFacts>();
  let isolatedPools: readonly string[] = [];
  for (let call = 0; ; call += 1) {
    const choice = chooseStarts(queue.state, { policy: queue.policy, openIntervals: queue.openIntervals, facts: { instances, isolatedPools }, nowMs: Date.now() });
    for (const { itemId, outcome, reason } of choice.ends) queue.endUnbegun(itemId, outcome, reason);
    const begun = choice.starts.map((start) => begin(queue, start));
    await Promise.all(begun.map(({ move, avoidPools }) => startMigration(queue, move, avoidPools)));
    const wanted = choice.inspect.slice(0, LOOKS_IN_CALL);
    if (wanted.length === 0 || call === CALLS_IN_TURN) return choice;
    const seen = await inspect(queue, wanted);
    if (seen === null) return choice;
    isolatedPools = seen.isolatedPools;
    for (const { instanceId, ...facts } of seen.instances) instances.set(instanceId, facts);
  }
}

async function inspect(queue: Queue, itemIds: readonly string[]): Promise<Inspection | null> {
  const moves = queue.state.queued.filter(({ request }) => itemIds.includes(request.itemId)).map(({ request: { instanceId, service, decisionId } }) => ({ instanceId, service, decisionId }));
  try {
    return await say(looks.inspectMoves, `Look at ${moves.length} instance(s) that are about to move`, { moves });
  } catch (error) {
    queue.journal.tell({ kind: 'failure', summary: `${moves.length} instance(s) could not be looked at; they wait`, reason: sentenceOf(error) });
    return null;
  }
}

/** From here on it runs, in one step with its choice: no message may come between and choose it again. */
function begin(queue: Queue, { itemId, avoidPools }: Start): { move: RunningMove; avoidPools: readonly string[] } {
  queue.state = beginMove(queue.state, itemId, Date.now());
  const move = queue.state.running.at(-1);
  if (move?.request.itemId !== itemId) throw new Error(`${itemId} was chosen and is not queued`);
  queue.journal.tell({ kind: 'decision', summary: `${itemId} begins`, reason: move.request.reason, instanceId: move.request.instanceId, detail: { move, avoidPools } });
  return { move, avoidPools };
}

async function startMigration(queue: Queue, move: RunningMove, avoidPools: readonly string[]): Promise<void> {
  const { itemId, instanceId, name, reason } = move.request;
  const workflowId = migrationWorkflowId(instanceId);
  try {
    const child = await startChild<(input: MigrateInstanceInput) => Promise<MigrateInstanceResult>>(MIGRATE_INSTANCE, {
      args: [inputOf(queue, move, avoidPools)],
      workflowId,
      // A move outlives the run of the queue that began it.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Migrate ${name}: ${reason}`.slice(0, 190),
    });
    queue.state = noteMove(queue.state, itemId, { runId: child.firstExecutionRunId });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    queue.endMove(itemId, { outcome: 'refused', replacementId: null, toPool: null, reason: `StaleDecision: ${instanceId} is already being migrated by ${workflowId}` });
  }
}

function inputOf(queue: Queue, { request, reservation }: RunningMove, avoidPools: readonly string[]): MigrateInstanceInput {
  const zones = zonesOf(request).filter((zone) => !avoidPools.includes(zone));
  return {
    instanceId: request.instanceId,
    trigger: isTriggerWorkflowId(request.itemId) ? 'alarm' : 'queue',
    reason: request.reason,
    // A plan weighs a day, and the queue has weighed its move anew: the migration's own look is at the next two hours alone.
    onlyIfContended: request.onlyIfContended && !(request.decisionId !== null && isPlanId(request.decisionId)),
    queueId: queue.id,
    queueItemId: request.itemId,
    ...(zones.length > 0 ? { zones } : {}),
    ...(request.targetPool !== null && isOwnedCapacity(request.targetPool) ? { into: request.targetPool } : {}),
    ...(avoidPools.length > 0 ? { avoidZones: avoidPools.slice(0, 50) } : {}),
    ...(request.shapes.length > 0 ? { shapes: request.shapes } : {}),
    ...(reservation === null ? {} : { reservation }),
  };
}

function zonesOf({ zones, targetPool }: MoveRequest): readonly string[] {
  return zones.length > 0 ? zones : targetPool === null || isOwnedCapacity(targetPool) ? [] : [targetPool];
}
