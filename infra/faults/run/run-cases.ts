import type { FaultCase } from '../cases/fault-case';
import type { Scenario } from '../cases/scenario';
import { runCase, type CaseOutcome } from './run-case';
import type { World } from './world';

/** Runs cases side by side, each on a slot of its own; a slot that a case left as it should be is used again. */
export async function runCases(world: World, scenarios: readonly Scenario[], cases: readonly FaultCase[], parallel: number): Promise<readonly CaseOutcome[]> {
  const queue = [...cases];
  const outcomes: CaseOutcome[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const one = next;
      const scenario = scenarios.find(({ name }) => name === one.scenario);
      if (scenario === undefined) throw new Error(`no scenario is named ${one.scenario}`);
      const outcome = await runOnSlot(world, scenario, one);
      outcomes.push(outcome);
      tell(outcome, outcomes.length, cases.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, cases.length) }, worker));
  return outcomes;
}

/** Takes a slot for it, and gives it back. */
export async function runOnSlot(world: World, scenario: Scenario, faultCase: FaultCase): Promise<CaseOutcome> {
  try {
    const slot = await world.fleet.take(scenario.instances);
    slot.isWhole = false;
    const outcome = await runCase(world, scenario, slot, faultCase);
    world.fleet.giveBack(slot, outcome.violations.length === 0 && outcome.ended !== 'NeedsOperator', scenario.isSpent);
    return outcome;
  } catch (error) {
    return brokenOff(faultCase, error);
  }
}

/** A case whose checks could not be carried out proves nothing: it counts as violated. */
function brokenOff({ name }: FaultCase, error: unknown): CaseOutcome {
  const found = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { name, ended: 'BrokenOff', reasons: [], left: [], strikes: 0, violations: [{ expected: 'the matrix can carry it out and look', found }], requests: 0, durationMs: 0, historyEvents: 0, workflowId: '', runId: '', seen: [] };
}

function tell({ name, ended, strikes, violations, durationMs, reasons }: CaseOutcome, count: number, of: number): void {
  console.error(`${count}/${of} ${violations.length > 0 ? 'VIOLATED' : strikes === 0 ? 'not met' : 'held'} ${name}: ${ended} in ${(durationMs / 1000).toFixed(0)} s`);
  if (violations.length === 0) return;
  for (const { expected, found } of violations) console.error(`    expected ${expected}; found ${found}`);
  if (reasons.length > 0) console.error(`    it says: ${reasons.join('; ')}`);
  console.error(`    again: npm run test:faults:matrix -- --only '${name}'`);
}
