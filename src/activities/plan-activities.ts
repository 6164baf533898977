import { businessFailure } from '../contracts/errors';
import type { EnqueueAnswer } from '../contracts/migration-queue';
import { planIdOf, type PlanActivities } from '../contracts/shape-fleet';
import { FLEET_TAG } from '../contracts/workflow-ids';
import { outlooksOf } from '../domain/fleet-plan/outlooks-of';
import { planFleet } from '../domain/fleet-plan/plan-fleet';
import { fateOf, modeOf, type AskedModes } from '../domain/fleet-plan/plan-modes';
import { toMoveRequest } from '../domain/fleet-plan/to-move-request';
import type { WeighedInstance } from '../domain/fleet-plan/weigh-instance';
import { tallyAnswers } from '../domain/queue/tally-answers';
import { learnDurations } from '../domain/sizing/learn-durations';
import { digestOf, sha256 } from './digest';
import { readFleetFacts } from './fleet-facts';
import { readPools, withIsolations } from './fleet-pools';
import type { PlanDependencies } from './plan-dependencies';
import type { PlanStore, StoredPlan } from './plan-port';
import { summaryOf } from './plan-summary';
import { settleModes, tickOf } from './settle-modes';
import { weighFleet } from './weigh-fleet';

/** Instances that one shard holds: what one activity forecasts and weighs. */
const SHARD = 500;
/** Instances forecast in one call: between calls the activity shows that it lives. */
const AT_ONCE = 50;
const MOST_SHOWN = 20;
const HOUR_MS = 3_600_000;
/** What a tick was made from is kept so long; a plan longer, and one that moves something longest. The audit keeps its summary for ever. */
const KEEP_TICKS_MS = 24 * HOUR_MS;
const KEEP_EMPTY_PLANS_MS = 7 * 24 * HOUR_MS;
const KEEP_PLANS_MS = 90 * 24 * HOUR_MS;

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
        weighed.push(...(await weighFleet(deps, facts.slice(at, at + AT_ONCE), policy)));
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
      // What was earned was settled with the plan that this tick made.
      const settled = choice.mode === 'earned' ? (await planNamed(plans, planIdOf(sha256(tickId)))).choice : { ...choice, mode: choice.mode };
      const watched = instances.filter(({ service, poolId }) => modeOf({ service, fromPoolId: poolId, toPoolId: poolId }, settled) !== 'observe');
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

async function plan(
  deps: PlanDependencies,
  { planId, tickId, fleet, policy, choice: asked, workflowId }: Omit<StoredPlan, 'planHash' | 'atMs' | 'pools' | 'plan' | 'choice'> & { readonly choice: AskedModes },
  instances: readonly WeighedInstance[],
): Promise<StoredPlan> {
  const atMs = deps.now();
  const seen = await deps.plans.readPools(tickId);
  if (seen === null) throw businessFailure('NotFound', `the pools of tick ${tickId} are not in the database`);
  const pools = withIsolations(seen, await deps.isolations.active(atMs));
  const made = planFleet({ atMs, instances, pools }, policy);
  const choice = await settleModes(deps.earnMode, asked, made.moves.map(({ service }) => service), tickOf({ workflowId, tickId }));
  const stored: StoredPlan = { planId, planHash: digestOf(made), fleet, tickId, atMs, workflowId, choice, policy, pools, plan: made };
  await deps.plans.savePlan(stored);
  return stored;
}

function byFleet<T extends { readonly fleet: string }>(items: readonly T[]): Map<string, T[]> {
  const fleets = new Map<string, T[]>();
  for (const item of items) fleets.set(item.fleet, [...(fleets.get(item.fleet) ?? []), item]);
  return fleets;
}

async function planNamed(plans: PlanStore, planId: string): Promise<StoredPlan> {
  const stored = await plans.readPlan(planId);
  if (stored === null) throw businessFailure('NotFound', `there is no plan ${planId}`);
  return stored;
}
