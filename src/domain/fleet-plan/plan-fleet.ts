import type { Shape } from '../shape';
import { moveUsd, overloadUsdPerHour } from '../sizing/size-instance';
import { chooseOffloads } from './choose-offload';
import { choosePool } from './choose-pool';
import type { FleetPlan, HeldInstance, MoveKind, PlannedMove } from './fleet-plan';
import type { FleetSnapshot } from './fleet-snapshot';
import type { FleetPlanPolicy } from './plan-policy';
import { PoolLoads } from './pool-load';
import { byUrgency } from './rank-moves';
import { riskOf } from './risk-of';
import type { WeighedInstance } from './weigh-instance';

/** An instance that would be moved if nothing held it back. */
interface Candidate {
  readonly instance: WeighedInstance;
  readonly kind: MoveKind;
  readonly shape: Shape;
  readonly why: string;
}

/** Why an instance has to leave its pool. */
interface Leave {
  readonly reason: string;
  readonly drained: boolean;
}

/**
 * Decides for a whole fleet: each instance's best size, pools that run out or are isolated relieved, targets chosen among pools, the rest ranked and held to the policy's
 * limits. Snapshot and policy in, plan out, the same plan every time; whoever is not moved is told why.
 */
export function planFleet({ atMs, instances, pools }: FleetSnapshot, policy: FleetPlanPolicy): FleetPlan {
  const loads = new PoolLoads(pools, instances, policy);
  const leaving = new Map(
    chooseOffloads(loads, instances, policy).flatMap(({ pool, members, reason }) => members.map(({ instanceId }): [string, Leave] => [instanceId, { reason, drained: pool.isolated !== null }])),
  );
  const held: HeldInstance[] = [];
  const candidates: Candidate[] = [];
  for (const instance of instances) {
    const found = candidateOf(instance, leaving.get(instance.instanceId) ?? null, atMs, policy);
    if ('kind' in found) candidates.push(found);
    else held.push(found);
  }
  const { moves, heldBack } = hold(candidates, loads, atMs, policy);
  return {
    atMs,
    moves,
    held: [...heldBack, ...held].toSorted((a, b) => Number(b.wanted !== null) - Number(a.wanted !== null) || (a.instanceId < b.instanceId ? -1 : 1)),
    costUsd: sum(moves.map(({ costUsd }) => costUsd)),
    savesUsd: sum(moves.map(({ savesUsd }) => savesUsd)),
    avoidedMinutes: sum(moves.map(({ impactMinutes }) => impactMinutes)),
  };
}

function candidateOf(instance: WeighedInstance, leave: Leave | null, atMs: number, policy: FleetPlanPolicy): Candidate | HeldInstance {
  const { sizing, lastMove } = instance;
  const resize = sizing.kind === 'resize' ? sizing : null;
  const kind = wantedKind(instance, leave);
  const holding = (reason: string): HeldInstance => ({ instanceId: instance.instanceId, name: instance.name, wanted: kind, reason });
  if (kind === null) return holding(sizing.reason);
  if (instance.migrating) return holding('it is being moved already');
  if (instance.pinned !== null) return holding(`it must not be moved: ${instance.pinned}`);
  if (kind === 'shrink' && !policy.shrink) return holding(`the policy moves nothing to save money: ${sizing.reason}`);
  const restsMs = lastMove === null ? 0 : lastMove.endedAtMs + policy.cooldownMs - atMs;
  if (kind !== 'drain' && restsMs > 0) return holding(`it rests after its last move for another ${Math.ceil(restsMs / 60_000)} min`);
  if (kind === 'shrink' && lastMove !== null && lastMove.fromShape === resize?.target.name && atMs - lastMove.endedAtMs < policy.noShrinkBackMs) {
    return holding(`it would go back to ${lastMove.fromShape}, which it left lately`);
  }
  return { instance, kind, shape: resize?.target ?? instance.shape, why: leave === null ? sizing.reason : leave.reason };
}

function wantedKind({ sizing, shape }: WeighedInstance, leave: Leave | null): MoveKind | null {
  if (leave !== null) return leave.drained ? 'drain' : 'offload';
  if (sizing.kind !== 'resize') return null;
  return sizing.target.usdPerHour > shape.usdPerHour ? 'grow' : 'shrink';
}

/** Takes candidates in their order as long as the limits allow; each that is taken counts for the next. */
function hold(candidates: readonly Candidate[], loads: PoolLoads, atMs: number, policy: FleetPlanPolicy): { moves: PlannedMove[]; heldBack: HeldInstance[] } {
  const heldBack: HeldInstance[] = [];
  const moves: PlannedMove[] = [];
  const moving = new Map<string, string>();
  const wishes = candidates.map((candidate) => ({ candidate, wish: wishOf(candidate, atMs, policy) })).toSorted((a, b) => byUrgency(a.wish, b.wish));
  for (const { candidate, wish } of wishes) {
    const { instance, kind, shape } = candidate;
    const refuse = (reason: string): number => heldBack.push({ instanceId: instance.instanceId, name: instance.name, wanted: kind, reason });
    const first = [instance.service, ...instance.dependencies].map((key) => moving.get(key)).find((name) => name !== undefined);
    if (wish.costUsd > policy.maxMoveUsd) refuse(`a move costs ${wish.costUsd.toFixed(2)} USD, above the ${policy.maxMoveUsd.toFixed(2)} allowed`);
    else if (first !== undefined) refuse(`${first}, which it depends on or serves with, moves first`);
    else if (moves.length >= policy.maxMoves) refuse(`the plan already has the ${policy.maxMoves} moves that it may have`);
    else {
      const choice = choosePool({ instance, shape, leave: kind === 'offload' || kind === 'drain', nowMs: atMs }, loads, policy);
      if (choice.pool === null) {
        refuse(choice.reason);
        continue;
      }
      loads.move(instance, choice.pool.poolId, shape.vcpus);
      for (const key of [instance.service, ...instance.dependencies]) moving.set(key, instance.name);
      moves.push({ ...wish, toPoolId: choice.pool.poolId, toZone: choice.pool.zone, reasons: [...wish.reasons, choice.reason] });
    }
  }
  return { moves, heldBack };
}

/** The move as it is wanted, before there is a place for it. */
function wishOf({ instance, kind, shape, why }: Candidate, atMs: number, policy: FleetPlanPolicy): PlannedMove {
  const { estimate, sizing, slaClass } = instance;
  const facts = sizing.kind === 'unknown' ? null : sizing;
  const resize = sizing.kind === 'resize' ? sizing : null;
  return {
    instanceId: instance.instanceId,
    name: instance.name,
    fleet: instance.fleet,
    service: instance.service,
    slaClass,
    kind,
    fromShape: instance.shape.name,
    toShape: shape.name,
    fromPoolId: instance.poolId,
    toPoolId: instance.poolId,
    toZone: instance.zone,
    startAtMs: Math.max(atMs, (resize?.startAtMs ?? atMs) - policy.startEarlyMs),
    deadlineAtMs: kind === 'grow' ? (resize?.neededAtMs ?? null) : null,
    impactMinutes: facts === null ? 0 : Math.max(0, facts.stayOverloadMinutes - facts.bestOverloadMinutes),
    demandIncreaseRatio: instance.demandIncreaseRatio,
    dependencies: instance.dependencies.length,
    costUsd: moveUsd(shape, estimate, overloadUsdPerHour(instance.shape, slaClass, policy.sizing), slaClass, policy.sizing),
    savesUsd: facts === null ? 0 : facts.stayUsd - facts.bestUsd,
    risk: riskOf(instance, kind, atMs),
    reasons: [why],
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((so, value) => so + value, 0);
}
