import type { FleetInstance } from '../domain/fleet-plan/fleet-instance';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import { recheckMove } from '../domain/fleet-plan/recheck-move';
import { weighInstance, type WeighedInstance } from '../domain/fleet-plan/weigh-instance';
import { byMetric } from '../domain/forecast';
import type { Shape } from '../domain/shape';
import type { ComputePort } from './compute-port';
import { sha256 } from './digest';
import { readFleetFacts } from './fleet-facts';
import { forecastLoads, saveForecast } from './forecast-loads';
import type { PlanDependencies } from './plan-dependencies';
import { noLongerEarned } from './settle-modes';

/** A forecast that led to no move is stored once in an hour, so that accuracy can be told: all of them would fill the database. */
const STORED_EVERY_TICKS = 12;
const TICK_MS = 300_000;

/** Which of a plan's moves are no longer wanted, weighed anew on what is known now, and why, by instance. One read of the plan and one weighing for all. */
export async function recheckPlannedMoves(deps: PlanDependencies, planId: string, instanceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const stored = await deps.plans.readPlan(planId);
  const moves = new Map(stored?.plan.moves.map((move) => [move.instanceId, move]));
  const planned = instanceIds.filter((instanceId) => moves.has(instanceId));
  const found = await Promise.all(planned.map((instanceId) => deps.compute.describe(instanceId)));
  const facts = await readFleetFacts(deps, found, { owned: await deps.owned.list(), groups: [], credits: await deps.burst.creditsOf(found, deps.now()) });
  const weighed = new Map(stored === null ? [] : (await weighFleet(deps, facts, stored.policy)).map((one) => [one.instanceId, one]));
  // What was earned when the plan was made may be lost since.
  const lost = stored === null ? new Map<string, string>() : await noLongerEarned(deps.earnMode, stored, planned.flatMap((instanceId) => moves.get(instanceId) ?? []));
  const unwanted = (instanceId: string): string | null => {
    const [move, now] = [moves.get(instanceId), weighed.get(instanceId)];
    if (move === undefined) return `${planId} has no move of ${instanceId}`;
    return now === undefined ? 'nothing can be weighed of it' : (recheckMove(move, now) ?? lost.get(instanceId) ?? null);
  };
  return new Map(instanceIds.map((instanceId) => [instanceId, unwanted(instanceId)] as const).filter((one): one is readonly [string, string] => one[1] !== null));
}

/** Forecasts instances and weighs each by itself. */
export async function weighFleet(deps: PlanDependencies, facts: readonly FleetInstance[], policy: FleetPlanPolicy): Promise<WeighedInstance[]> {
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
