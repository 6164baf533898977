import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { MigrationQueueInput } from '../contracts/migration-queue';
import { queueWorkflowId } from '../contracts/workflow-ids';
import type { StartChoice } from '../domain/queue/choose-starts';
import { forgetEnded } from '../domain/queue/move-events';
import { nextWakeMs } from '../domain/queue/next-wake';
import { joinQueue, splitQueue } from '../domain/queue/queue-chunks';
import type { QueueChunk } from '../domain/queue/queue-chunks';
import { checkQueueInput } from '../domain/queue/queue-input';
import { refuseInput } from './refuse-input';
import { sentenceOf } from './sentence-of';
import { steps } from './migration-queue/activities';
import { listen } from './migration-queue/messages';
import { Queue } from './migration-queue/queue';
import { releaseAhead, reserveAhead } from './migration-queue/reserve-ahead';
import { startMoves } from './migration-queue/start-moves';
import { Display } from './migration-queue/status';
import { holdOrRelease, reconcile, sendAdjustments } from './migration-queue/watch-moves';

const LOOK_EVERY_MS = 60_000;
/** Windows are resolved so far ahead, and anew when less than a day of that is left. */
const WINDOWS_AHEAD_MS = 8 * 86_400_000;
const WINDOWS_LEFT_MS = 86_400_000;
const CONTINUE_AFTER_EVENTS = 4_000;
/** Kinds of hold that only another look can end. */
const LOOKED_AT: readonly string[] = ['lastHealthy', 'noTarget'];

/**
 * A fleet's queue of moves, for ever: orders them, begins what all limits let begin, looks after what runs. `carried` is
 * what the run before left; a start gives none.
 */
export async function migrationQueue(input: MigrationQueueInput, ...carried: QueueChunk[]): Promise<void> {
  const problems = checkQueueInput(input);
  if (problems.length === 0 && workflowInfo().workflowId !== queueWorkflowId(input.fleet)) problems.push(`the queue of fleet ${input.fleet} has the workflow id ${queueWorkflowId(input.fleet)} and no other: there is one a fleet`);
  refuseInput(problems);
  const queue = new Queue(input, joinQueue(carried));
  listen(queue);
  const display = new Display();
  const lookEveryMs = input.lookEveryMs ?? LOOK_EVERY_MS;
  let lookedAtMs = Date.now();
  let releasing: Promise<void> | null = null;
  for (;;) {
    queue.beginTurn();
    const looksNow = Date.now() - lookedAtMs >= lookEveryMs;
    if (looksNow) {
      await reconcile(queue);
      lookedAtMs = Date.now();
    }
    const choice = await takeTurn(queue);
    if (queue.releases.length > 0 && releasing === null) releasing = releaseAhead(queue).finally(() => (releasing = null));
    await queue.journal.write();
    display.show(queue);
    if (isLongEnough(queue)) {
      await condition(allHandlersFinished);
      // What is still to be told or given back is not carried over: it is done before.
      if (releasing === null && queue.isIdle) await goOn(queue);
    }
    const sleepMs = sleepOf(queue, choice, lookedAtMs + lookEveryMs);
    const wake = (): boolean => queue.isTouched || (releasing === null && queue.releases.length > 0);
    if (sleepMs === null) await condition(wake);
    else await condition(wake, sleepMs);
  }
}

async function takeTurn(queue: Queue): Promise<StartChoice> {
  queue.state = forgetEnded(queue.state, queue.policy, Date.now());
  await resolveWindows(queue);
  await sendAdjustments(queue);
  await holdOrRelease(queue);
  const choice = await startMoves(queue);
  await reserveAhead(queue);
  queue.heldBecause = new Map(choice.held.map(({ itemId, reason }) => [itemId, reason]));
  tellOfLongHeld(queue, choice);
  return choice;
}

/** By an activity: a replay must not depend on the time-zone data of the process it runs in. */
async function resolveWindows(queue: Queue): Promise<void> {
  const nowMs = Date.now();
  const { windows } = queue.policy;
  if (windows.length === 0) queue.openIntervals = null;
  else if (queue.windowsUntilMs - nowMs < WINDOWS_LEFT_MS) {
    const untilMs = nowMs + WINDOWS_AHEAD_MS;
    queue.windowsUntilMs = untilMs;
    try {
      queue.openIntervals = await steps.resolveWindows({ windows, fromMs: nowMs, untilMs });
    } catch (error) {
      // Windows that cannot be understood are closed.
      queue.openIntervals = [];
      queue.journal.tell({ kind: 'failure', summary: 'the windows cannot be resolved; no move begins', reason: sentenceOf(error) });
    }
  }
}

/** Once for each item: why is it not moved? */
function tellOfLongHeld(queue: Queue, { held }: StartChoice): void {
  const nowMs = Date.now();
  const reasons = new Map(held.map(({ itemId, reason }) => [itemId, reason]));
  const queued = queue.state.queued.map((item) => {
    const { itemId, instanceId, notBeforeMs } = item.request;
    const reason = reasons.get(itemId);
    if (reason === undefined || item.heldTooLongTold || nowMs - Math.max(item.enqueuedAtMs, notBeforeMs) < queue.policy.heldTooLongMs) return item;
    queue.journal.tell({ kind: 'refusal', summary: `${itemId} is held for too long`, reason, instanceId });
    return { ...item, heldTooLongTold: true };
  });
  queue.state = { ...queue.state, queued };
}

/** How long nothing can change by itself; null: until somebody says something. */
function sleepOf({ state, policy, openIntervals, windowsUntilMs }: Queue, { held, inspect }: StartChoice, nextLookAtMs: number): number | null {
  const nowMs = Date.now();
  const wakeAtMs = [nextWakeMs(state, policy, openIntervals, nowMs)];
  const looks = state.running.length > 0 || inspect.length > 0 || held.some(({ kind }) => LOOKED_AT.includes(kind));
  if (looks) wakeAtMs.push(nextLookAtMs);
  if (state.queued.length > 0 && policy.windows.length > 0) wakeAtMs.push(windowsUntilMs - WINDOWS_LEFT_MS);
  const times = wakeAtMs.filter((atMs) => atMs !== null);
  return times.length === 0 ? null : Math.max(1, Math.min(...times) - nowMs);
}

function isLongEnough({ input }: Queue): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= (input.continueAfterEvents ?? CONTINUE_AFTER_EVENTS);
}

function goOn({ input, policy, state }: Queue): Promise<never> {
  return continueAsNew<typeof migrationQueue>({ ...input, policy }, ...splitQueue(state));
}
