import type { AheadReservation, EndedItem, ItemOutcome, QueueState, QueuedItem, RunningMove } from './queue-state';
import { MOST_UNBEGUN } from './queue-state';
import { DAY_MS } from './move-ledger';
import type { QueuePolicy } from './queue-policy';

/** How a move ended, as the migration itself or somebody who looked at it tells. */
export interface MoveEnd {
  readonly outcome: Extract<ItemOutcome, 'moved' | 'failed' | 'aborted' | 'refused'>;
  readonly replacementId: string | null;
  /** Where the replacement is; null where there is none. */
  readonly toPool: string | null;
  readonly reason: string;
}

const LONGEST_REASON = 200;

/** A queued item begins to run. The same state where it is not queued. */
export function beginMove(state: QueueState, itemId: string, nowMs: number): QueueState {
  const item = state.queued.find(({ request }) => request.itemId === itemId);
  if (item === undefined) return state;
  const move: RunningMove = { request: item.request, startedAtMs: nowMs, runId: null, phase: null, pace: 'normal', aborting: null, held: false, reservation: item.reservation === 'none' ? null : item.reservation };
  return { ...state, queued: without(state.queued, itemId), running: [...state.running, move] };
}

/** Writes down what is known of a running move. The same state where it does not run any more. */
export function noteMove(state: QueueState, itemId: string, change: Partial<Omit<RunningMove, 'request' | 'startedAtMs'>>): QueueState {
  return { ...state, running: state.running.map((move) => (move.request.itemId === itemId ? { ...move, ...change } : move)) };
}

export function noteReservation(state: QueueState, itemId: string, reservation: AheadReservation | 'none' | null): QueueState {
  return { ...state, queued: state.queued.map((item) => (item.request.itemId === itemId ? { ...item, reservation } : item)) };
}

/**
 * A running move ended. The same state where it does not run: both the migration and whoever looks after it tell of an
 * end, and it counts once. Failures in a row open the breaker; a move that succeeds starts the count anew.
 */
export function endMove(state: QueueState, itemId: string, end: MoveEnd, policy: Pick<QueuePolicy, 'breakerFailures'>, nowMs: number): QueueState {
  const move = state.running.find(({ request }) => request.itemId === itemId);
  if (move === undefined) return state;
  // What the queue itself told to go back has not failed.
  const outcome = end.outcome === 'failed' && move.aborting !== null ? 'aborted' : end.outcome;
  const failuresInARow = outcome === 'failed' ? state.failuresInARow + 1 : outcome === 'moved' ? 0 : state.failuresInARow;
  const opens = outcome === 'failed' && failuresInARow >= policy.breakerFailures;
  const { request, startedAtMs } = move;
  const ended: EndedItem = {
    itemId,
    instanceId: request.instanceId,
    replacementId: end.replacementId,
    fromPool: request.sourcePool,
    toPool: end.toPool ?? request.targetPool,
    startedAtMs,
    endedAtMs: nowMs,
    costUsd: request.costUsd,
    outcome,
    reason: end.reason.slice(0, LONGEST_REASON),
  };
  return {
    ...state,
    running: state.running.filter(({ request: { itemId: id } }) => id !== itemId),
    ended: [...state.ended, ended],
    failuresInARow,
    breaker: opens ? `${failuresInARow} moves failed in a row, the last one: ${end.reason.slice(0, LONGEST_REASON)}` : state.breaker,
  };
}

/** A queued item ends without having begun. The same state where it is not queued. */
export function endUnbegun(state: QueueState, itemId: string, outcome: Extract<ItemOutcome, 'stale' | 'cancelled' | 'expired'>, reason: string, nowMs: number): QueueState {
  const item = state.queued.find(({ request }) => request.itemId === itemId);
  if (item === undefined) return state;
  const { instanceId, sourcePool, targetPool } = item.request;
  const ended: EndedItem = { itemId, instanceId, replacementId: null, fromPool: sourcePool, toPool: targetPool, startedAtMs: null, endedAtMs: nowMs, costUsd: 0, outcome, reason: reason.slice(0, LONGEST_REASON) };
  return { ...state, queued: without(state.queued, itemId), ended: [...state.ended, ended] };
}

/** Forgets what no limit needs any more: moves after their cooldown, return and budget times, items that never began after a day. */
export function forgetEnded(state: QueueState, policy: Pick<QueuePolicy, 'cooldownMs' | 'noReturnMs'>, nowMs: number): QueueState {
  const keepMs = Math.max(policy.cooldownMs, policy.noReturnMs, DAY_MS);
  const kept = state.ended.filter(({ startedAtMs, endedAtMs }) => nowMs - endedAtMs < (startedAtMs === null ? DAY_MS : keepMs));
  let tooMany = kept.filter(({ startedAtMs }) => startedAtMs === null).length - MOST_UNBEGUN;
  const ended = kept.filter(({ startedAtMs }) => startedAtMs !== null || (tooMany -= 1) < 0);
  const freezes = state.freezes.filter(({ untilMs }) => untilMs > nowMs);
  return ended.length === state.ended.length && freezes.length === state.freezes.length ? state : { ...state, ended, freezes };
}

function without(queued: readonly QueuedItem[], itemId: string): QueuedItem[] {
  return queued.filter(({ request }) => request.itemId !== itemId);
}
