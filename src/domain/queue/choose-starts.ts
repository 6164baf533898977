import { holdOf, holdOfAll } from './hold-reasons';
import type { Hold } from './hold-reasons';
import type { Interval } from './interval';
import { MoveLedger } from './move-ledger';
import type { MoveRequest } from './move-request';
import { inPriorityOrder } from './priority';
import type { QueuePolicy } from './queue-policy';
import type { QueueState } from './queue-state';

/** What was seen of an instance just now. */
export interface MoveFacts {
  /** EC2's state name, or `gone`. */
  readonly state: string;
  /** The workflow that owns it, where it is the shadow of a migration; else null. */
  readonly ownedBy: string | null;
  /** Healthy instances of its service beside it, shadows not among them. */
  readonly healthyOthers: number;
  /** Why what a plan wanted of it is no longer wanted; left out where it is, or no plan asked. */
  readonly unwanted?: string;
}

/** Facts of this instant, by instance; what is not among them was not looked at yet. */
export interface FreshFacts {
  readonly instances: ReadonlyMap<string, MoveFacts>;
  /** Zones, hosts and pools that are isolated: no targets. */
  readonly isolatedPools: readonly string[];
}

export interface StartContext {
  readonly policy: QueuePolicy;
  /** The windows as intervals (see windows.ts); null: there are none, any time will do. */
  readonly openIntervals: readonly Interval[] | null;
  readonly facts: FreshFacts;
  readonly nowMs: number;
}

export interface Start {
  readonly itemId: string;
  /** Where the migration must not go: isolated, full, or left lately. */
  readonly avoidPools: readonly string[];
}

/** Every queued item stands in exactly one of the lists. */
export interface StartChoice {
  readonly starts: readonly Start[];
  /** All limits let them begin, and the facts are not known: look, and choose again. They count as if they began. */
  readonly inspect: readonly string[];
  readonly held: readonly (Hold & { readonly itemId: string })[];
  /** What they were asked for is no longer so, or never came. */
  readonly ends: readonly { readonly itemId: string; readonly outcome: 'stale' | 'expired'; readonly reason: string }[];
}

/** Which items begin now, and for every other one the reason that holds it back. Highest priority first; limits hold after each start. */
export function chooseStarts(state: QueueState, { policy, openIntervals, facts, nowMs }: StartContext): StartChoice {
  const all = holdOfAll(state, policy, openIntervals, nowMs);
  const ledger = new MoveLedger(state, policy, nowMs);
  const starts: Start[] = [];
  const inspect: string[] = [];
  const held: (Hold & { itemId: string })[] = [];
  const ends: StartChoice['ends'][number][] = [];
  const lastHealthy = new Map<string, Hold>();
  for (const { request, enqueuedAtMs } of inPriorityOrder(state.queued, policy, nowMs)) {
    const { itemId } = request;
    const seen = facts.instances.get(request.instanceId);
    const stale = seen === undefined ? null : staleness(request, seen);
    if (stale !== null) {
      ends.push({ itemId, outcome: 'stale', reason: stale });
      continue;
    }
    const avoidPools = poolsToAvoid(request, ledger, facts.isolatedPools);
    const hold = all ?? holdOf(request, ledger, policy, nowMs) ?? targetHold(request, avoidPools) ?? (seen === undefined ? (lastHealthy.get(request.service) ?? null) : healthHold(request, seen, ledger, policy));
    if (hold === null) {
      if (seen === undefined) inspect.push(itemId);
      else starts.push({ itemId, avoidPools });
      ledger.begin(request);
      continue;
    }
    if (hold.kind === 'lastHealthy') lastHealthy.set(request.service, hold);
    const lateMs = nowMs - Math.max(enqueuedAtMs, request.notBeforeMs);
    if (lateMs >= policy.maxWaitMs) ends.push({ itemId, outcome: 'expired', reason: `it could not begin for ${Math.round(lateMs / 60_000)} min: ${hold.reason}` });
    else held.push({ itemId, ...hold });
  }
  return { starts, inspect, held, ends };
}

function staleness({ instanceId }: MoveRequest, { state, ownedBy, unwanted }: MoveFacts): string | null {
  if (state !== 'running') return `${instanceId} is ${state}; only a running instance can be moved`;
  if (ownedBy !== null) return `${instanceId} is the shadow of ${ownedBy}`;
  return unwanted ?? null;
}

/** Where the request names no target the migration looks for one itself: then pools at their limit are closed to it as well. */
function poolsToAvoid({ instanceId, sourcePool, targetPool }: MoveRequest, ledger: MoveLedger, isolatedPools: readonly string[]): string[] {
  const full = targetPool === null ? ledger.fullPools().filter((pool) => pool !== sourcePool) : [];
  const past = ledger.pastPools(instanceId).filter((pool) => pool !== sourcePool);
  return [...new Set([...isolatedPools, ...past, ...full])];
}

function targetHold({ targetPool, zones }: MoveRequest, avoidPools: readonly string[]): Hold | null {
  const targets = targetPool === null ? zones : [targetPool];
  if (targets.length === 0 || targets.some((target) => !avoidPools.includes(target))) return null;
  return { kind: 'noTarget', reason: `${targets.join(', ')}: isolated, full or left lately` };
}

/** Moves of the same service that run, or begin now, count as if they took their instance away: the worst that may come of them. */
function healthHold({ service }: MoveRequest, { healthyOthers }: MoveFacts, ledger: MoveLedger, policy: QueuePolicy): Hold | null {
  const left = healthyOthers - ledger.inService(service);
  if (left >= policy.minHealthyOthers) return null;
  return { kind: 'lastHealthy', reason: `${Math.max(0, left)} other healthy instance(s) of ${service} would be left; ${policy.minHealthyOthers} must` };
}
