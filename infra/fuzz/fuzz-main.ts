import { loadavg } from 'node:os';
import { Command, Option } from 'commander';
import Table from 'cli-table3';
import { wholeNumber } from '../../src/cli/parse-options';
import type { Edge } from './edge';
import { EDGES } from './edges/all-edges';
import { runApart } from './run-apart';
import { runEdge, type EdgeResult } from './run-edge';

const COUNT = 100_000;
/** A quick run is not worth a process for each edge. */
const APART_FROM = 5_000;
/** What the heap may have grown by after so many inputs; beyond it something is kept for each. */
const MOST_GROWTH_BYTES = 32 * 1_048_576;

interface Options {
  readonly count: number;
  readonly seed: number;
  readonly edge?: string;
  readonly json?: true;
}

/** Gives every edge of the product its part of the inputs, and prints what became of them; the exit code is 1 where one was answered as none may be. */
async function main({ count, seed, edge, json }: Options): Promise<void> {
  const log = json === true ? console.error : console.log;
  const chosen = EDGES.filter(({ name, leastOfAll = 0 }) => (edge === undefined ? count >= leastOfAll : name === edge));
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  log(`${count} inputs, seed ${seed}; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  const results: EdgeResult[] = [];
  for (const one of chosen) {
    const missing = (await one.missing?.()) ?? null;
    if (missing !== null) log(`${one.name} is left out: ${missing}`);
    else results.push(await (count < APART_FROM ? runEdge : runApart)(one, Math.ceil((count * one.share) / shares), seed));
  }
  if (json === true) console.log(JSON.stringify(results, null, 2));
  else tell(results, chosen);
  if (results.some((result) => result.violations.length > 0 || grewBy(result) > MOST_GROWTH_BYTES)) process.exitCode = 1;
}

function tell(results: readonly EdgeResult[], edges: readonly Edge[]): void {
  const table = new Table({ head: ['edge', 'what it is', 'inputs', 'accepted', 'refused', 'violations', 'seconds', 'heap MiB'], style: { head: [], border: [], compact: true } });
  for (const result of results) {
    const { edge, inputs, accepted, refused, violations, seconds } = result;
    table.push([edge, edges.find(({ name }) => name === edge)?.about ?? '', inputs, accepted, refused, violations.length, seconds.toFixed(1), result.heapGrowthBytes === null ? '-' : (result.heapGrowthBytes / 1_048_576).toFixed(1)]);
  }
  const sum = (of: (result: EdgeResult) => number): number => results.reduce((all, result) => all + of(result), 0);
  table.push(['all', '', sum(({ inputs }) => inputs), sum(({ accepted }) => accepted), sum(({ refused }) => refused), sum(({ violations }) => violations.length), sum(({ seconds }) => seconds).toFixed(1), '']);
  console.log(table.toString());
  for (const { edge, violations } of results) for (const { what, input, seed, count } of violations) console.log(`\n${edge}: ${what}\n  input: ${input}\n  again: npm run test:fuzz -- --edge ${edge} --seed ${seed} --count ${count}`);
  for (const result of results) if (grewBy(result) > MOST_GROWTH_BYTES) console.log(`\n${result.edge}: the heap grew by ${(grewBy(result) / 1_048_576).toFixed(1)} MiB; expected at most ${MOST_GROWTH_BYTES / 1_048_576}`);
}

function grewBy({ heapGrowthBytes }: EdgeResult): number {
  return heapGrowthBytes ?? 0;
}

const program = new Command('fuzz')
  .option('--count <inputs>', 'how many inputs, over all edges', wholeNumber(1), COUNT)
  .option('--seed <number>', 'another gives other inputs', wholeNumber(0), 1)
  .addOption(new Option('--edge <name>', 'one edge alone').choices(EDGES.map(({ name }) => name)))
  .option('--json', 'the results as JSON')
  .parse();

main(program.opts<Options>())
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  // What a product's server still holds open ends with the process.
  .finally(() => process.exit());
