import type { MigrationPhase } from '../migration-phase';
import { weightOf, type TrafficSight } from './traffic-sight';

/** What a workflow that runs means the world to be, as it says itself. */
export type Intent = { readonly workflowId: string; readonly runId: string } & (
  | { readonly kind: 'move'; readonly phase: MigrationPhase | 'rollback' | 'done'; readonly shadowPercent: number; readonly shadowId: string | null; readonly reservationId: string | null }
  | { readonly kind: 'hold'; readonly reservationIds: readonly string[] }
  | { readonly kind: 'replicas'; readonly instanceIds: readonly string[] }
);

/** The same as AWS has it. States by id; what is not there is `gone`. */
export interface RealState {
  readonly traffic: TrafficSight;
  readonly reservations: Readonly<Record<string, string>>;
  readonly instances: Readonly<Record<string, string>>;
  /** Ids of the workflows that made groups or rules and are known to have ended. */
  readonly ended: readonly string[];
}

/** What is not as a workflow means it to be. */
export interface Drift {
  readonly workflowId: string;
  readonly about: string;
  readonly intended: string;
  readonly found: string;
}

/** Weights are whole numbers: a share that was set reads back this close, in percent of the source's traffic. */
const CLOSE_PERCENT = 1;
/** Between them the source's share is weighed by groups of its own. */
const WEIGHED: readonly string[] = ['ramp', 'bake'];
const ALIVE: readonly string[] = ['pending', 'running', 'stopping', 'stopped'];

/** Holds what workflows mean against what AWS has. What they are just changing differs for a moment: only what is found twice is drift. */
export function findDrift(intents: readonly Intent[], real: RealState): Drift[] {
  return [...intents.flatMap((intent) => driftOf(intent, real)), ...weightOfNobody(real)];
}

export function describeDrift({ workflowId, about, intended, found }: Drift): string {
  return `${workflowId}: ${about} is to be ${intended}, and is ${found}`;
}

function driftOf(intent: Intent, real: RealState): Drift[] {
  const reservation = (id: string): Drift[] => differs(intent, `capacity reservation ${id}`, 'active', real.reservations[id] ?? 'gone', ['active', 'pending']);
  switch (intent.kind) {
    case 'hold':
      return intent.reservationIds.flatMap(reservation);
    case 'replicas':
      return intent.instanceIds.flatMap((id) => differs(intent, `replica ${id}`, 'running', real.instances[id] ?? 'gone', ['running']));
    case 'move': {
      // What goes back or is given back is being taken away.
      if (intent.phase === 'rollback' || intent.phase === 'release' || intent.phase === 'done') return [];
      const shadow = intent.shadowId === null ? [] : differs(intent, `shadow ${intent.shadowId}`, 'running', real.instances[intent.shadowId] ?? 'gone', ALIVE);
      return [...(intent.reservationId === null ? [] : reservation(intent.reservationId)), ...shadow, ...(WEIGHED.includes(intent.phase) ? shareOf(intent, real) : [])];
    }
  }
}

function shareOf(intent: Extract<Intent, { kind: 'move' }>, { traffic }: RealState): Drift[] {
  const weightAs = (wanted: string): number => traffic.groups.filter(({ owner, runId, role }) => owner === intent.workflowId && runId === intent.runId && role === wanted).reduce((sum, { targetGroupArn }) => sum + weightOf(traffic, targetGroupArn), 0);
  const [source, shadow] = [weightAs('source'), weightAs('shadow')];
  // Before the source is weighed by itself neither has a weight.
  if (source + shadow === 0 && intent.shadowPercent === 0) return [];
  const percent = source + shadow === 0 ? null : (100 * shadow) / (source + shadow);
  if (percent !== null && Math.abs(percent - intent.shadowPercent) <= CLOSE_PERCENT) return [];
  return [{ workflowId: intent.workflowId, about: "the shadow's part of the source's traffic", intended: `${intent.shadowPercent} %`, found: percent === null ? 'none: neither group has a weight' : `${percent.toFixed(1)} % (weights ${source} and ${shadow})` }];
}

function differs({ workflowId }: Intent, about: string, intended: string, found: string, right: readonly string[]): Drift[] {
  return right.includes(found) ? [] : [{ workflowId, about, intended, found }];
}

/** Groups and rules of a workflow that ended, which still lead requests. */
function weightOfNobody({ traffic, ended }: RealState): Drift[] {
  const groups = traffic.groups.map(({ owner, name, targetGroupArn }) => ({ owner, about: `target group ${name}`, weight: weightOf(traffic, targetGroupArn) }));
  const rules = traffic.routes.map(({ owner, arn, forward }) => ({ owner, about: `listener rule ${arn}`, weight: forward.reduce((sum, { weight }) => sum + weight, 0) }));
  return [...groups, ...rules].flatMap(({ owner, about, weight }) => (owner !== null && weight > 0 && ended.includes(owner) ? [{ workflowId: owner, about, intended: 'without weight, since its workflow ended', found: `weighed ${weight}` }] : []));
}
