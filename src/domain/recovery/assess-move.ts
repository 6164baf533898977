import { MIGRATION_PHASES, type MigrationPhase } from '../migration-phase';
import { isHandedOver, type SyncStrategy } from '../sync-strategy';
import type { Listing } from './owned-resource';

/** Source or shadow of a move, as AWS has it now. */
export interface SideSight {
  readonly instanceId: string;
  /** EC2's state name; `terminated` also where EC2 does not know it any more. */
  readonly state: string;
  readonly passesChecks: boolean;
  readonly listings: readonly Listing[];
}

/** Where a state with one writer is, as far as the audit tells. */
export type StatePlace = 'source' | 'onItsWay' | 'shadow';

/** A move that ended without having come to an end, and what is there of it. */
export interface MoveSight {
  readonly source: SideSight;
  /** `isAdopted`: it has the source's place already, without the tags of the move. */
  readonly shadow: (SideSight & { readonly isAdopted: boolean }) | null;
  /** More shadows than that one, of other runs. */
  readonly otherShadows: readonly string[];
  readonly behindBalancer: boolean;
  /** The phase that was entered last, and the furthest on the way forward; null where the audit knows none. */
  readonly phase: MigrationPhase | 'rollback' | null;
  readonly reached: MigrationPhase | null;
  /** What somebody else changed of the routes since the move began, a sentence each. */
  readonly changedRoutes: readonly string[];
  readonly sync: SyncStrategy;
  readonly stateIn: StatePlace;
  /** Where the shadow is, if not in the source's region. */
  readonly otherRegion: string | null;
  /** Everything else that carries the move's tags, for a reader. */
  readonly left: readonly string[];
}

export const RECOVERY_WAYS = ['rollBack', 'continue', 'adopt'] as const;
export type RecoveryWay = (typeof RECOVERY_WAYS)[number];

export interface Assessment {
  readonly world: 'sourceServes' | 'bothServe' | 'shadowServes' | 'neitherServes' | 'nothingLeft';
  readonly sentence: string;
  /** The safe way; null where there is nothing to do, or none is safe. */
  readonly proposal: RecoveryWay | null;
  /** Of each way: null where it is safe, else why it is not. */
  readonly refusals: Readonly<Record<RecoveryWay, string | null>>;
}

/** What state the world is in, which ways out of it are safe, and which of them to take. */
export function assessMove(sight: MoveSight): Assessment {
  const { source, shadow } = sight;
  const serves = { source: sourceServes(sight), shadow: shadowServes(sight) };
  const world = isOver(sight) ? 'nothingLeft' : worldOf(serves.source, serves.shadow);
  const refusals = { rollBack: whyNotBack(sight), continue: whyNotOn(sight, serves.shadow), adopt: whyNotAdopt(sight, serves.shadow) };
  return { world, sentence: sentenceFor(world, source, shadow), proposal: proposalFor(world, sight.phase, refusals), refusals };
}

function worldOf(source: boolean, shadow: boolean): Assessment['world'] {
  if (source) return shadow ? 'bothServe' : 'sourceServes';
  return shadow ? 'shadowServes' : 'neitherServes';
}

function sourceServes({ source, behindBalancer, stateIn }: MoveSight): boolean {
  if (source.state !== 'running') return false;
  return behindBalancer ? getsTraffic(source) : source.passesChecks && stateIn === 'source';
}

function shadowServes({ shadow, source, behindBalancer, stateIn }: MoveSight): boolean {
  if (shadow?.state !== 'running') return false;
  if (behindBalancer) return getsTraffic(shadow);
  // Nobody tells who is spoken to: the one with the state, and the one that is left.
  return stateIn === 'shadow' || (shadow.isAdopted && source.state !== 'running');
}

function getsTraffic({ listings }: SideSight): boolean {
  return listings.some(({ state, weight }) => state === 'healthy' && weight > 0);
}

function isUnhealthy({ listings }: SideSight): boolean {
  return listings.some(({ state }) => state === 'unhealthy');
}

/** Undone, or done: a replacement that has its source's place for good keeps the name of its source. */
function isOver(sight: MoveSight): boolean {
  const isDone = sight.shadow === null ? !wasDrained(sight) : sight.shadow.isAdopted && sight.source.state === 'terminated';
  return isDone && sight.left.length === 0;
}

/** The source runs, and is a target of nothing, though a move of it began to take its traffic. */
function wasDrained({ source, behindBalancer }: MoveSight): boolean {
  return behindBalancer && source.state === 'running' && source.listings.length === 0;
}

function whyNotAtAll({ otherRegion, otherShadows, changedRoutes }: MoveSight): string | null {
  if (changedRoutes.length > 0) return changedRoutes.join('; ');
  if (otherRegion !== null) return `the shadow is in ${otherRegion}: a move between regions is not recovered by itself, see docs/recovery.md`;
  return otherShadows.length > 0 ? `there are more shadows, of other runs (${otherShadows.join(', ')}): which of them has what cannot be told` : null;
}

function whyNotBack(sight: MoveSight): string | null {
  const { source, stateIn, sync } = sight;
  const refusal = whyNotAtAll(sight);
  if (refusal !== null) return refusal;
  if (source.state !== 'running') return `the source ${source.instanceId} is ${source.state}: traffic must not be sent back to it`;
  if (!source.passesChecks) return `the checks of the source ${source.instanceId} are not "ok": traffic must not be sent back to it`;
  if (isUnhealthy(source)) return `the source ${source.instanceId} fails its health check: traffic must not be sent back to it`;
  return stateIn !== 'source' && !isHandedOver(sync) ? 'the audit tells that a state went over, and not how' : null;
}

function whyNotOn(sight: MoveSight, serves: boolean): string | null {
  const { shadow, source, phase, reached, sync, stateIn, behindBalancer } = sight;
  const refusal = whyNotAtAll(sight) ?? whyNotUse(sight);
  if (refusal !== null || shadow === null) return refusal ?? 'there is no shadow';
  if (source.state === 'terminated') return serves || !behindBalancer ? null : `the source is gone, and the shadow ${shadow.instanceId} gets no traffic`;
  if (phase === 'rollback' && whyNotBack(sight) === null) return 'the move was going back for a reason, and can: it does not go on';
  const verified = behindBalancer || isHandedOver(sync) ? 'ramp' : 'drain';
  if (reached === null || MIGRATION_PHASES.indexOf(reached) < MIGRATION_PHASES.indexOf(verified)) return `the move came to phase ${reached ?? 'none'}: its shadow was never verified`;
  if (behindBalancer && !shadow.listings.some(({ state }) => state === 'healthy')) return `the shadow ${shadow.instanceId} is a healthy target of nothing`;
  return isHandedOver(sync) && stateIn !== 'shadow' ? 'the state of the service is not known to have gone over to the shadow' : null;
}

function whyNotAdopt(sight: MoveSight, serves: boolean): string | null {
  const refusal = whyNotAtAll(sight) ?? whyNotUse(sight);
  if (refusal !== null) return refusal;
  return serves ? null : 'the shadow does not serve: there is no place for it to keep';
}

function whyNotUse({ shadow }: MoveSight): string | null {
  if (shadow === null) return 'there is no shadow';
  if (shadow.state !== 'running') return `the shadow ${shadow.instanceId} is ${shadow.state}`;
  if (!shadow.passesChecks) return `the checks of the shadow ${shadow.instanceId} are not "ok"`;
  return isUnhealthy(shadow) ? `the shadow ${shadow.instanceId} fails its health check` : null;
}

/** Where the source still serves, back is the shorter way; where it was drained or is gone, on is. */
function proposalFor(world: Assessment['world'], phase: MoveSight['phase'], refusals: Assessment['refusals']): RecoveryWay | null {
  if (world === 'nothingLeft') return null;
  const isLate = phase === 'drain' || phase === 'retire' || phase === 'release';
  const order: readonly RecoveryWay[] = world === 'shadowServes' && isLate ? ['continue', 'rollBack', 'adopt'] : ['rollBack', 'continue', 'adopt'];
  return order.find((way) => refusals[way] === null) ?? null;
}

function sentenceFor(world: Assessment['world'], source: SideSight, shadow: MoveSight['shadow']): string {
  const [the, other] = [`the source ${source.instanceId} (${source.state})`, shadow === null ? 'there is no shadow' : `the shadow ${shadow.instanceId} (${shadow.state})`];
  switch (world) {
    case 'sourceServes':
      return shadow === null ? `${the} serves; ${other}` : `${the} serves, and ${other} does not`;
    case 'bothServe':
      return `${the} and ${other} both serve`;
    case 'shadowServes':
      return `${other} serves, and ${the} does not`;
    case 'neitherServes':
      return shadow === null ? `${the} does not serve, and ${other}` : `neither ${the} nor ${other} serves`;
    case 'nothingLeft':
      return `nothing is left of a move of ${source.instanceId}`;
  }
}
