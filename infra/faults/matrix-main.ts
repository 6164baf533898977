import { parseArgs } from 'node:util';
import { loadavg } from 'node:os';
import { knownActivities } from './cases/activity-map';
import { makeCases, type SeenScenario } from './cases/fault-case';
import { SCENARIOS } from './cases/scenarios';
import { mayBeMeant, selectCases } from './cases/select-cases';
import { discover } from './run/discover';
import { runCases } from './run/run-cases';
import { summarize } from './run/summarize';
import { withWorld } from './run/world';

/** Runs the cases of the fault matrix side by side on one local cloud. The exit code is 1 where one violates what must hold. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      limit: { type: 'string' },
      parallel: { type: 'string', default: '12' },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      name: { type: 'string', default: 'matrix' },
    },
  });
  const parallel = Number(values.parallel);
  await withWorld(values.name, Math.max(1, Math.floor(parallel / 2)), async (world) => {
    const scenarios = SCENARIOS.filter(({ name }) => mayBeMeant(name, values.only));
    const seen = await discover(world, scenarios);
    const all = makeCases(seen.scenarios);
    const chosen = selectCases(all, { seed: Number(values.seed), ...(values.only === undefined ? {} : { only: values.only }), ...(values.limit === undefined ? {} : { limit: Number(values.limit) }) });
    tellUnreached(seen.scenarios);
    if (values.list) {
      for (const { name } of chosen) console.log(name);
      return;
    }
    console.error(`${chosen.length} of ${all.length} cases, ${parallel} side by side, load ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
    const startedAtMs = Date.now();
    const outcomes = await runCases(world, SCENARIOS, chosen, parallel);
    await summarize(world, { outcomes, seconds: (Date.now() - startedAtMs) / 1_000, json: values.json });
  });
}

/** What the worker can do and no scenario of this run comes to is not in the matrix: said, so that it is not forgotten. */
function tellUnreached(seen: readonly SeenScenario[]): void {
  const reached = new Set(seen.flatMap(({ activities }) => activities.map(({ activity }) => activity)));
  const unreached = knownActivities().filter((activity) => !reached.has(activity));
  console.error(`${reached.size} activities are reached; not reached by these scenarios: ${unreached.join(', ') || 'none'}`);
}

main().then(
  () => process.exit(),
  () => process.exit(1),
);
