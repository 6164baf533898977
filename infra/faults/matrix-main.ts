import { parseArgs } from 'node:util';
import { loadavg } from 'node:os';
import { knownActivities } from './cases/activity-map';
import { makeCases, type FaultCase, type SeenScenario } from './cases/fault-case';
import { SCENARIOS } from './cases/scenarios';
import { mayBeMeant, selectCases } from './cases/select-cases';
import { discover } from './run/discover';
import { runCases } from './run/run-cases';
import { lookAround, summarize, type Aftermath } from './run/summarize';
import { withWorld, type World } from './run/world';

/** Runs the cases of the fault matrix side by side on one local cloud. The exit code is 1 where one violates what must hold. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      limit: { type: 'string' },
      parallel: { type: 'string', default: '12' },
      // The local cloud forgets nothing that ever was in it and becomes slow by it: after so many cases it is another one.
      renew: { type: 'string', default: '200' },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      name: { type: 'string', default: 'matrix' },
    },
  });
  const [parallel, renew] = [countOf('--parallel', values.parallel), countOf('--renew', values.renew)];
  const inWorld = <T>(work: (world: World) => Promise<T>): Promise<T> => withWorld(values.name, Math.max(1, Math.floor(parallel / 2)), work);
  const runIn = async (world: World, cases: readonly FaultCase[]): Promise<Aftermath> => lookAround(world, await runCases(world, SCENARIOS, cases, parallel));
  const startedAtMs = Date.now();
  const rest: FaultCase[] = [];
  const first = await inWorld(async (world) => {
    const seen = await discover(world, SCENARIOS.filter(({ name }) => mayBeMeant(name, values.only)));
    const all = makeCases(seen.scenarios);
    rest.push(...selectCases(all, { seed: Number(values.seed), ...(values.only === undefined ? {} : { only: values.only }), ...(values.limit === undefined ? {} : { limit: Number(values.limit) }) }));
    tellUnreached(seen.scenarios);
    if (values.list) {
      for (const { name } of rest) console.log(name);
      return null;
    }
    console.error(`${rest.length} of ${all.length} cases, ${parallel} side by side, load ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
    return runIn(world, rest.splice(0, renew));
  });
  if (first === null) return;
  const worlds = [first];
  while (rest.length > 0) worlds.push(await inWorld((world) => runIn(world, rest.splice(0, renew))));
  summarize(worlds, { seconds: (Date.now() - startedAtMs) / 1_000, json: values.json });
}

/** Ends the process where it is none: by no steps at all a run would never come to its end. */
function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  console.error(`${option} is "${text}"; expected a whole number from 1`);
  process.exit(2);
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
