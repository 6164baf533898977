import { EDGES } from './edges/all-edges';
import { runEdge } from './run-edge';
import { printNow } from './watchdog';

/** One edge in a process of its own: `edge-main.js NAME COUNT SEED`. Its result is the last line, as JSON. */
async function main([name, count, seed]: readonly string[]): Promise<void> {
  const edge = EDGES.find((one) => one.name === name);
  if (edge === undefined) throw new Error(`there is no edge ${name}; expected one of ${EDGES.map((one) => one.name).join(', ')}`);
  printNow(JSON.stringify(await runEdge(edge, Number(count), Number(seed))));
  // What a product's server still holds open ends with the process.
  process.exit(0);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
