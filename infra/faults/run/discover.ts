import type { SeenScenario } from '../cases/fault-case';
import type { Scenario } from '../cases/scenario';
import { runCase, type CaseOutcome } from './run-case';
import type { World } from './world';

/** Runs every scenario once without a fault, to see what it carries out. Throws where one does not end as it should. */
export async function discover(world: World, scenarios: readonly Scenario[]): Promise<{ readonly scenarios: readonly SeenScenario[] }> {
  const outcomes = await Promise.all(
    scenarios.map(async (scenario) => {
      const first = await runOnce(world, scenario);
      // On a machine that does much else a judge may turn a move back for good reasons.
      const outcome = first.violations.length === 0 ? first : await runOnce(world, scenario);
      if (outcome.violations.length > 0) throw new Error(`${scenario.name} without a fault: ${JSON.stringify({ ...outcome, seen: outcome.seen.length }, null, 1)}`);
      return seenOf(scenario, outcome);
    }),
  );
  return { scenarios: outcomes };
}

async function runOnce(world: World, scenario: Scenario): Promise<CaseOutcome> {
  const slot = await world.fleet.take(scenario.instances);
  const outcome = await runCase(world, scenario, slot, null);
  world.fleet.giveBack(slot, outcome.violations.length === 0, scenario.isSpent);
  return outcome;
}

function seenOf({ name, turn, canAbort = false }: Scenario, { seen }: CaseOutcome): SeenScenario {
  const turnAt = turn === undefined ? -1 : seen.findIndex(({ activity, occurrence }) => activity === turn.activity && occurrence === turn.occurrence);
  return { scenario: name, isWayBack: turn !== undefined, canAbort, activities: seen.slice(turnAt + 1) };
}
