import { createHash } from 'node:crypto';
import { businessFailure } from '../contracts/errors';
import type { EnqueueAnswer } from '../contracts/migration-queue';
import { planIdOf, type MoveSummary, type PlanActivities, type PlanSummary } from '../contracts/shape-fleet';
import { FLEET_TAG } from '../contracts/workflow-ids';
import { canonicalJson } from '../domain/canonical-json';
import type { FleetInstance } from '../domain/fleet-plan/fleet-instance';
import { outlooksOf } from '../domain/fleet-plan/outlooks-of';
import { diffPlans } from '../domain/fleet-plan/plan-diff';
import { planFleet } from '../domain/fleet-plan/plan-fleet';
import { fateOf, modeOf, type ModeChoice, type MoveFate } from '../domain/fleet-plan/plan-modes';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import { recheckMove } from '../domain/fleet-plan/recheck-move';
import { toMoveRequest } from '../domain/fleet-plan/to-move-request';
import { weighInstance, type WeighedInstance } from '../domain/fleet-plan/weigh-instance';
import { byMetric } from '../domain/forecast';
import { tallyAnswers } from '../domain/queue/tally-answers';
import type { Shape } from '../domain/shape';
import { learnDurations, type PastMove } from '../domain/sizing/learn-durations';
import type { BalancerPort } from './balancer-port';
import type { BurstPort } from './burst-port';
import type { ComputePort } from './compute-port';
import type { DiskPort } from './disk-port';
import { readFleetFacts } from './fleet-facts';
import { readPools, withIsolations } from './fleet-pools';
import { forecastLoads, saveForecast, type ForecastStore, type LoadForecastPorts } from './forecast-loads';
import type { IsolationStore } from './isolation-port';
import type { OwnedCapacityPort } from './owned-capacity-port';
import type { PlanStore, StoredPlan } from './plan-port';
import type { QueueClient } from './queue-client-port';

/** Instances that one shard holds: what one activity forecasts and weighs. */
const SHARD = 500;
/** Instances forecast in one call: between calls the activity shows that it lives. */
const AT_ONCE = 50;
const MOST_SHOWN = 20;
const LONGEST_REASON = 300;
const HOUR_MS = 3_600_000;
/** What a tick was made from is kept so long; a plan longer, and one that moves something longest. The audit keeps its summary for ever. */
const KEEP_TICKS_MS = 24 * HOUR_MS;
const KEEP_EMPTY_PLANS_MS = 7 * 24 * HOUR_MS;
const KEEP_PLANS_MS = 90 * 24 * HOUR_MS;
/** A forecast that led to no move is stored once in an hour, so that accuracy can be told: all of them would fill the database. */
const STORED_EVERY_TICKS = 12;
const TICK_MS = 300_000;

export interface PlanDependencies extends LoadForecastPorts {
  readonly compute: Pick<ComputePort, 'listTagged' | 'shape' | 'compatibleShapes' | 'zones' | 'describe'>;
  readonly disks: Pick<DiskPort, 'describeVolumes'>;
  readonly balancer: Pick<BalancerPort, 'groups'>;
  readonly owned: OwnedCapacityPort;
  readonly burst: BurstPort;
  readonly isolations: Pick<IsolationStore, 'active'>;
  readonly plans: PlanStore;
  readonly forecasts: ForecastStore;
  readonly queues: Pick<QueueClient, 'enqueue' | 'predict'>;
  readonly policy: FleetPlanPolicy;
  /** The latest completed moves. */
  readonly pastMoves: () => Promise<readonly PastMove[]>;
  readonly now: () => number;
  readonly heartbeat: (at: unknown) => void;
}

/** Snapshot, forecasts and plan of a fleet, and the way of a plan into the queue. */
export function createPlanActivities(deps: PlanDependencies): PlanActivities {
  const { compute, plans, now } = deps;
  return {
    resolvePlanPolicy: async () => ({ ...deps.policy, durations: learnDurations(await deps.pastMoves(), deps.policy.durations, deps.policy.durationQuantile) }),
    async openTick({ tickId, fleet }) {
      const found = await compute.listTagged(FLEET_TAG, fleet);
      const [owned, groups, credits] = await Promise.all([deps.owned.list(), deps.balancer.groups(), deps.burst.creditsOf(found, now())]);
      const facts = (await readFleetFacts(deps, found, { owned, groups, credits })).toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
      await plans.savePools(tickId, now(), await readPools(compute, found, owned));
      const shards = Math.ceil(facts.length / SHARD);
      for (let shard = 0; shard < shards; shard++) await plans.saveFacts(tickId, shard, now(), facts.slice(shard * SHARD, (shard + 1) * SHARD));
      return { instances: facts.length, shards };
    },
    async weighShard({ tickId, shard, policy }) {
      const facts = await plans.readFacts(tickId, shard);
      if (facts === null) throw businessFailure('NotFound', `shard ${shard} of tick ${tickId} is not in the database`);
      const weighed: WeighedInstance[] = [];
      for (let at = 0; at < facts.length; at += AT_ONCE) {
        weighed.push(...(await weigh(deps, facts.slice(at, at + AT_ONCE), policy)));
        deps.heartbeat(weighed.length);
      }
      await plans.saveWeighed(tickId, shard, weighed);
      return { weighed: weighed.length };
    },
    async makePlan({ tickId, fleet, policy, choice, workflowId }) {
      const planId = planIdOf(sha256(tickId));
      const instances = await plans.readWeighed(tickId);
      const stored = (await plans.readPlan(planId)) ?? (await plan(deps, { planId, tickId, fleet: fleet ?? '', policy, choice, workflowId }, instances));
      const before = (await plans.listPlans(stored.fleet, 2)).find((one) => one.planId !== planId) ?? null;
      await plans.trim({ ticksMs: now() - KEEP_TICKS_MS, emptyPlansMs: now() - KEEP_EMPTY_PLANS_MS, plansMs: now() - KEEP_PLANS_MS });
      return summaryOf(stored, before, instances);
    },
    async confirmPlan({ planId }) {
      const stored = await planNamed(plans, planId);
      const latest = await plans.latestPlan(stored.fleet);
      if (latest !== null && latest.planId !== planId) throw businessFailure('StaleDecision', `${planId} is outdated: ${latest.planId} was made after it; look at that one`);
    },
    async predictMoves({ tickId, choice }) {
      const instances = await plans.readWeighed(tickId);
      const watched = instances.filter(({ service, poolId }) => modeOf({ service, fromPoolId: poolId, toPoolId: poolId }, choice) !== 'observe');
      const outlooks = new Map(outlooksOf(instances).map((outlook) => [outlook.instanceId, outlook]));
      let told = 0;
      for (const [fleet, its] of byFleet(watched)) told += await deps.queues.predict(fleet, its.flatMap(({ instanceId }) => outlooks.get(instanceId) ?? []));
      return { told };
    },
    async queuePlan({ planId, fate, requestedBy }) {
      const stored = await planNamed(plans, planId);
      const moves = stored.plan.moves.filter((move) => fateOf(move, stored.choice) === fate);
      const answers: EnqueueAnswer[] = [];
      for (const [fleet, its] of byFleet(moves)) answers.push(...(await deps.queues.enqueue(fleet, its.map((move) => toMoveRequest(move, planId, requestedBy)))));
      const tally = tallyAnswers(answers);
      return { ...tally, refusals: tally.refusals.slice(0, MOST_SHOWN) };
    },
  };
}

/** Which of a plan's moves are no longer wanted, weighed anew on what is known now, and why, by instance. One read of the plan and one weighing for all. */
export async function recheckPlannedMoves(deps: PlanDependencies, planId: string, instanceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const stored = await deps.plans.readPlan(planId);
  const moves = new Map(stored?.plan.moves.map((move) => [move.instanceId, move]));
  const planned = instanceIds.filter((instanceId) => moves.has(instanceId));
  const found = await Promise.all(planned.map((instanceId) => deps.compute.describe(instanceId)));
  const facts = await readFleetFacts(deps, found, { owned: await deps.owned.list(), groups: [], credits: await deps.burst.creditsOf(found, deps.now()) });
  const weighed = new Map(stored === null ? [] : (await weigh(deps, facts, stored.policy)).map((one) => [one.instanceId, one]));
  const unwanted = (instanceId: string): string | null => {
    const [move, now] = [moves.get(instanceId), weighed.get(instanceId)];
    if (move === undefined) return `${planId} has no move of ${instanceId}`;
    return now === undefined ? 'nothing can be weighed of it' : recheckMove(move, now);
  };
  return new Map(instanceIds.map((instanceId) => [instanceId, unwanted(instanceId)] as const).filter((one): one is readonly [string, string] => one[1] !== null));
}

async function weigh(deps: PlanDependencies, facts: readonly FleetInstance[], policy: FleetPlanPolicy): Promise<WeighedInstance[]> {
  const nowMs = deps.now();
  const forecasts = await forecastLoads(deps, facts, policy.sizing.horizonMs, nowMs);
  const shapes = await shapesOf(deps.compute, facts);
  return Promise.all(
    facts.map(async (instance) => {
      const own = forecasts.filter(({ subject }) => subject.kind === 'instance' && subject.instanceId === instance.instanceId);
      const weighed = weighInstance(instance, byMetric(own), shapes.get(instance.shape.name) ?? [], policy, nowMs);
      if (weighed.sizing.kind === 'resize' || isItsTurn(instance.instanceId, nowMs)) for (const forecast of own) await saveForecast(deps.forecasts, forecast, instance.service);
      return weighed;
    }),
  );
}

function isItsTurn(instanceId: string, nowMs: number): boolean {
  return parseInt(sha256(instanceId).slice(0, 8), 16) % STORED_EVERY_TICKS === Math.floor(nowMs / TICK_MS) % STORED_EVERY_TICKS;
}

/** By the name of a present shape: what it may become. */
async function shapesOf(compute: Pick<ComputePort, 'compatibleShapes'>, facts: readonly FleetInstance[]): Promise<Map<string, readonly Shape[]>> {
  const names = [...new Set(facts.map(({ shape }) => shape.name))];
  return new Map(await Promise.all(names.map(async (name) => [name, await compute.compatibleShapes(name)] as const)));
}

async function plan(
  deps: PlanDependencies,
  { planId, tickId, fleet, policy, choice, workflowId }: Omit<StoredPlan, 'planHash' | 'atMs' | 'pools' | 'plan'>,
  instances: readonly WeighedInstance[],
): Promise<StoredPlan> {
  const atMs = deps.now();
  const seen = await deps.plans.readPools(tickId);
  if (seen === null) throw businessFailure('NotFound', `the pools of tick ${tickId} are not in the database`);
  const pools = withIsolations(seen, await deps.isolations.active(atMs));
  const made = planFleet({ atMs, instances, pools }, policy);
  const stored: StoredPlan = { planId, planHash: hashOfPlan(made), fleet, tickId, atMs, workflowId, choice, policy, pools, plan: made };
  await deps.plans.savePlan(stored);
  return stored;
}

function byFleet<T extends { readonly fleet: string }>(items: readonly T[]): Map<string, T[]> {
  const fleets = new Map<string, T[]>();
  for (const item of items) fleets.set(item.fleet, [...(fleets.get(item.fleet) ?? []), item]);
  return fleets;
}

/** SHA-256 of a plan in canonical JSON: what an approval is bound to. */
export function hashOfPlan(made: StoredPlan['plan']): string {
  return sha256(canonicalJson(made));
}

function summaryOf({ planId, planHash, atMs, plan: made, choice }: StoredPlan, before: StoredPlan | null, instances: readonly WeighedInstance[]): PlanSummary {
  const diff = diffPlans(before?.plan ?? null, made);
  const fates: Record<MoveFate, number> = { observed: 0, awaits: 0, goes: 0 };
  for (const move of made.moves) fates[fateOf(move, choice)] += 1;
  return {
    planId,
    planHash,
    atMs,
    instances: instances.length,
    withoutForecast: instances.filter(({ sizing }) => sizing.kind === 'unknown').length,
    moves: made.moves.length,
    fates,
    costUsd: made.costUsd,
    savesUsd: made.savesUsd,
    avoidedMinutes: made.avoidedMinutes,
    top: made.moves.slice(0, MOST_SHOWN).map((move) => rowOf(move, choice)),
    diff: { added: diff.added.slice(0, MOST_SHOWN), dropped: diff.dropped.slice(0, MOST_SHOWN), kept: diff.kept },
  };
}

function rowOf(move: StoredPlan['plan']['moves'][number], choice: ModeChoice): MoveSummary {
  const { instanceId, name, kind, fromShape, toShape, toPoolId, startAtMs, deadlineAtMs, risk, impactMinutes, costUsd, savesUsd, reasons } = move;
  return { instanceId, name, kind, fromShape, toShape, toPoolId, startAtMs, deadlineAtMs, risk, impactMinutes, costUsd, savesUsd, fate: fateOf(move, choice), reason: reasons.join('; ').slice(0, LONGEST_REASON) };
}

async function planNamed(plans: PlanStore, planId: string): Promise<StoredPlan> {
  const stored = await plans.readPlan(planId);
  if (stored === null) throw businessFailure('NotFound', `there is no plan ${planId}`);
  return stored;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
