import { contains } from './interval';
import type { Interval } from './interval';
import type { MoveLedger } from './move-ledger';
import type { MoveRequest } from './move-request';
import type { Freeze, QueuePolicy } from './queue-policy';
import { MOST_REMEMBERED } from './queue-state';
import type { QueueState } from './queue-state';

/** Why a request does not begin now, in a sentence. */
export interface Hold {
  readonly kind: 'paused' | 'breaker' | 'frozen' | 'window' | 'memory' | 'notBefore' | 'resting' | 'fleet' | 'service' | 'pool' | 'hourly' | 'cost' | 'noTarget' | 'lastHealthy' | 'uninspected';
  readonly reason: string;
}

/** What holds every request back at this instant; null where nothing does. `openIntervals` null: no windows, any time. */
export function holdOfAll(state: QueueState, policy: QueuePolicy, openIntervals: readonly Interval[] | null, nowMs: number): Hold | null {
  if (state.paused !== null) return { kind: 'paused', reason: `the queue is paused: ${state.paused.reason}` };
  if (state.breaker !== null) return { kind: 'breaker', reason: `the breaker is open: ${state.breaker}` };
  const freeze = activeFreeze(state, policy, nowMs);
  if (freeze !== null) return { kind: 'frozen', reason: `frozen until ${at(freeze.untilMs)}: ${freeze.reason}` };
  if (openIntervals !== null && !openIntervals.some((interval) => contains(interval, nowMs))) {
    const next = openIntervals.find(({ fromMs }) => fromMs > nowMs);
    return { kind: 'window', reason: next === undefined ? 'outside the windows' : `outside the windows; the next one opens at ${at(next.fromMs)}` };
  }
  if (state.ended.length >= MOST_REMEMBERED && state.ended.filter(({ startedAtMs }) => startedAtMs !== null).length >= MOST_REMEMBERED) {
    return { kind: 'memory', reason: `${MOST_REMEMBERED} moves are remembered for their cooldowns` };
  }
  return null;
}

export function activeFreeze(state: QueueState, policy: QueuePolicy, nowMs: number): Freeze | null {
  return [...state.freezes, ...policy.freezes].find((freeze) => contains(freeze, nowMs)) ?? null;
}

/** What holds one request back beside that; null where nothing does. */
export function holdOf(request: MoveRequest, ledger: MoveLedger, policy: QueuePolicy, nowMs: number): Hold | null {
  const { maxConcurrent } = policy;
  if (request.notBeforeMs > nowMs) return { kind: 'notBefore', reason: `planned for ${at(request.notBeforeMs)}` };
  const restsUntilMs = ledger.restsUntilMs(request.instanceId);
  if (restsUntilMs !== null) return { kind: 'resting', reason: `it rests until ${at(restsUntilMs)} after its last move` };
  if (ledger.fleet >= maxConcurrent.fleet) return { kind: 'fleet', reason: `${maxConcurrent.fleet} moves run, as many as the fleet may` };
  if (ledger.inService(request.service) >= maxConcurrent.service) return { kind: 'service', reason: `${maxConcurrent.service} move(s) of ${request.service} run, as many as a service may` };
  const full = [request.sourcePool, request.targetPool].find((pool) => pool !== null && ledger.inPool(pool) >= maxConcurrent.pool);
  if (full !== undefined) return { kind: 'pool', reason: `${maxConcurrent.pool} move(s) run from or to ${full ?? ''}, as many as a pool may` };
  if (ledger.startsInHour >= policy.maxMovesPerHour) return { kind: 'hourly', reason: `${policy.maxMovesPerHour} moves began within an hour, as many as may` };
  if (ledger.costInDayUsd + request.costUsd > policy.maxCostUsdPerDay) {
    return { kind: 'cost', reason: `moves of the last 24 hours cost ${ledger.costInDayUsd.toFixed(2)} of ${policy.maxCostUsdPerDay} USD; it would add ${request.costUsd.toFixed(2)}` };
  }
  return null;
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
