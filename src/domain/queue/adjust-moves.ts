import { MIGRATION_PHASES } from '../migration-phase';
import type { MigrationPhase } from '../migration-phase';
import { endUnbegun } from './move-events';
import type { MoveRequest } from './move-request';
import type { QueueState, RampPace, RunningMove } from './queue-state';

/** What is newly predicted of an instance, as a control tick sees it. */
export interface MoveOutlook {
  readonly instanceId: string;
  readonly contended: boolean;
  readonly impactMinutes: number;
  /** When the overload is expected now; null where none is. */
  readonly onsetAtMs: number | null;
  /** Its service has errors or latencies of its own: no time to shift its traffic fast. */
  readonly serviceDisturbed: boolean;
}

/** What to tell a running move. */
export type Adjustment =
  | { readonly kind: 'abort'; readonly itemId: string; readonly reason: string }
  | { readonly kind: 'pace'; readonly itemId: string; readonly pace: RampPace; readonly reason: string };

/** An onset that comes so much earlier than planned hurries the ramp: a part (0..1) of the planned time from the move's start. */
const HURRY_BELOW_RATIO = 0.75;
const PACE_FACTOR: Readonly<Record<RampPace, number>> = { slow: 2, normal: 1, fast: 0.5 };
const SHORTEST_STEP_MS = 500;

/**
 * What follows from new predictions. A running move goes back where nothing threatens any more and no traffic has shifted,
 * ramps slower while its service is disturbed and faster where the overload comes nearer. A queued one gets the new impact
 * and deadline, and ends where it was only wanted against an overload that is no longer expected.
 */
export function adjustMoves(state: QueueState, outlooks: readonly MoveOutlook[], nowMs: number): { readonly state: QueueState; readonly adjustments: readonly Adjustment[]; readonly ended: readonly { readonly itemId: string; readonly reason: string }[] } {
  const byInstance = new Map(outlooks.map((outlook) => [outlook.instanceId, outlook]));
  const adjustments = state.running.flatMap((move) => {
    const outlook = byInstance.get(move.request.instanceId);
    return outlook === undefined ? [] : adjust(move, outlook);
  });
  const over = state.queued.filter(({ request }) => request.onlyIfContended && byInstance.get(request.instanceId)?.contended === false);
  const ended = over.map(({ request }) => ({ itemId: request.itemId, reason: `${request.instanceId} is no longer forecast to run out` }));
  const queued = state.queued.map((item) => {
    const outlook = byInstance.get(item.request.instanceId);
    if (outlook === undefined || !outlook.contended) return item;
    return { ...item, request: urged(item.request, outlook) };
  });
  return { state: ended.reduce<QueueState>((now, { itemId, reason }) => endUnbegun(now, itemId, 'stale', reason, nowMs), { ...state, queued }), adjustments, ended };
}

/** What is only wanted against an overload presses as that does; what has another reason as well presses as the stronger of both. */
function urged(request: MoveRequest, { impactMinutes, onsetAtMs }: MoveOutlook): MoveRequest {
  if (request.onlyIfContended) return { ...request, impactMinutes, deadlineAtMs: onsetAtMs ?? request.deadlineAtMs };
  const deadlines = [request.deadlineAtMs, onsetAtMs].filter((at) => at !== null);
  return { ...request, impactMinutes: Math.max(request.impactMinutes, impactMinutes), deadlineAtMs: deadlines.length === 0 ? null : Math.min(...deadlines) };
}

/** A ramp step at a pace, in ms. */
export function stepMsAt(pace: RampPace, stepMs: number): number {
  return Math.max(SHORTEST_STEP_MS, Math.round(stepMs * PACE_FACTOR[pace]));
}

function adjust(move: RunningMove, outlook: MoveOutlook): Adjustment[] {
  const { request, phase, aborting } = move;
  const { itemId, instanceId } = request;
  if (aborting !== null || !isBefore(phase, 'drain')) return [];
  if (request.onlyIfContended && !outlook.contended && isBefore(phase, 'ramp')) {
    return [{ kind: 'abort', itemId, reason: `${instanceId} is no longer forecast to run out, and none of its traffic has moved` }];
  }
  const { pace, reason } = paceOf(move, outlook);
  return pace === move.pace ? [] : [{ kind: 'pace', itemId, pace, reason }];
}

function paceOf({ request, startedAtMs }: RunningMove, { onsetAtMs, serviceDisturbed }: MoveOutlook): { pace: RampPace; reason: string } {
  if (serviceDisturbed) return { pace: 'slow', reason: `${request.service} is disturbed: the ramp goes slower` };
  const plannedMs = (request.deadlineAtMs ?? startedAtMs) - startedAtMs;
  if (onsetAtMs !== null && plannedMs > 0 && onsetAtMs - startedAtMs < plannedMs * HURRY_BELOW_RATIO) {
    return { pace: 'fast', reason: `the overload is now expected at ${new Date(onsetAtMs).toISOString()}, earlier than planned: the ramp goes faster` };
  }
  return { pace: 'normal', reason: 'nothing presses and nothing disturbs: the ramp goes as planned' };
}

/** A phase that is not known yet is the first. */
function isBefore(phase: string | null, other: MigrationPhase): boolean {
  if (phase === null) return true;
  const order = MIGRATION_PHASES.indexOf(phase as MigrationPhase);
  return order >= 0 && order < MIGRATION_PHASES.indexOf(other);
}
