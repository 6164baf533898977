import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { stepMsAt } from '../../domain/queue/adjust-moves';
import { noteMove } from '../../domain/queue/move-events';
import type { RunningMove } from '../../domain/queue/queue-state';
import { pauseSignal, requestAbortSignal, requestRampRateSignal, resumeSignal } from '../migrate-instance/controls';
import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import { looks, steps } from './activities';
import type { Queue } from './queue';

/** Looks at the moves that run: one that was terminated never says so. What cannot be looked at runs on, as far as is known. */
export async function reconcile(queue: Queue): Promise<void> {
  const moves = queue.state.running.map(({ request: { itemId, instanceId }, runId }) => ({ itemId, instanceId, runId }));
  if (moves.length === 0) return;
  try {
    for (const { itemId, end, phase } of await say(looks.describeMoves, `Look at ${moves.length} move(s) that run`, { moves })) {
      queue.state = noteMove(queue.state, itemId, { phase });
      if (end !== null) queue.endMove(itemId, end);
    }
  } catch (error) {
    queue.journal.tell({ kind: 'failure', summary: `${moves.length} running move(s) could not be looked at`, reason: sentenceOf(error) });
  }
}

/** Tells running moves what new predictions mean for them: go back, ramp slower or faster. */
export async function sendAdjustments(queue: Queue): Promise<void> {
  for (let next = queue.adjustments.shift(); next !== undefined; next = queue.adjustments.shift()) {
    const { itemId, reason } = next;
    const move = queue.state.running.find(({ request }) => request.itemId === itemId);
    if (move === undefined) continue;
    if (next.kind === 'abort') {
      queue.state = noteMove(queue.state, itemId, { aborting: reason });
      await tell(move, (handle) => handle.signal(requestAbortSignal, { reason, by: 'foreshift:queue' }));
    } else {
      const { pace } = next;
      const { ramp } = await steps.resolvePolicy();
      queue.state = noteMove(queue.state, itemId, { pace });
      await tell(move, (handle) => handle.signal(requestRampRateSignal, { stepMs: stepMsAt(pace, ramp.stepMs) }));
    }
    queue.journal.tell({ kind: 'decision', summary: next.kind === 'abort' ? `${itemId} is told to go back` : `${itemId} ramps ${next.pace}`, reason, instanceId: move.request.instanceId, detail: next });
  }
}

/** A pause may hold what runs as well; its end, or another pause that does not, lets it go on. */
export async function holdOrRelease(queue: Queue): Promise<void> {
  const held = queue.state.paused?.holdRunning ?? false;
  for (const move of queue.state.running.filter((one) => one.held !== held)) {
    queue.state = noteMove(queue.state, move.request.itemId, { held });
    await tell(move, (handle) => handle.signal(held ? pauseSignal : resumeSignal));
  }
}

/** A migration that has ended meanwhile hears nothing; the next look finds out. */
async function tell({ request, runId }: RunningMove, say: (handle: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>): Promise<void> {
  await say(getExternalWorkflowHandle(migrationWorkflowId(request.instanceId), runId ?? undefined)).catch(() => undefined);
}
