import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import type { Edge, OpenEdge } from './edge';
import { wrongWith } from './judge-refusal';
import { textOf } from './mutate-json';
import { HANG_MS, Watchdog } from './watchdog';

/** So many inputs come from one seed: a violation is found again by its batch alone. */
export const BATCH = 500;
const MOST_VIOLATIONS = 10;
const SHRINK_WITHIN_MS = 20_000;
const SHOWN = 1_500;

export interface FuzzViolation {
  readonly what: string;
  /** As small as it could be made. */
  readonly input: string;
  readonly seed: number;
  readonly count: number;
}

export interface EdgeResult {
  readonly edge: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly violations: readonly FuzzViolation[];
  readonly seconds: number;
  /** Of the heap that is in use between an early and the last batch, each after a collection; null where there are too few batches to say. */
  readonly heapGrowthBytes: number | null;
}

/** Gives an edge so many inputs. The same seed gives the same inputs. */
export async function runEdge(edge: Edge, count: number, seed: number): Promise<EdgeResult> {
  const stray: unknown[] = [];
  const noteStray = (error: unknown): void => void stray.push(error);
  process.on('unhandledRejection', noteStray).on('uncaughtException', noteStray);
  const open = await edge.open();
  const dog = new Watchdog(`${edge.name} --seed ${seed} --count ${count}`, open.withinMs ?? HANG_MS);
  const beganAtMs = performance.now();
  const tally = { accepted: 0, refused: 0, inputs: 0 };
  const violations: FuzzViolation[] = [];
  const heaps: number[] = [];
  try {
    for (let batch = 0; batch * BATCH < count && violations.length < MOST_VIOLATIONS; batch += 1) {
      const numRuns = Math.min(BATCH, count - batch * BATCH);
      const found = await runBatch(open, { seed: seed + batch, numRuns, tally, dog, stray, known: violations.map(({ what }) => kindOf(what)) });
      if (found !== null) violations.push({ ...found, seed: seed + batch, count: numRuns });
      heaps.push(heapInUse());
    }
  } finally {
    dog.begin('');
    await open.close();
    await dog.end();
    process.off('unhandledRejection', noteStray).off('uncaughtException', noteStray);
  }
  const seconds = (performance.now() - beganAtMs) / 1_000;
  return { edge: edge.name, ...tally, violations, seconds, heapGrowthBytes: growthOf(heaps) };
}

interface Batch {
  readonly seed: number;
  readonly numRuns: number;
  readonly tally: { accepted: number; refused: number; inputs: number };
  readonly dog: Watchdog;
  readonly stray: unknown[];
  /** Kinds of violations that were found before: they are not told again. */
  readonly known: readonly string[];
}

async function runBatch(open: OpenEdge<unknown>, { seed, numRuns, tally, dog, stray, known }: Batch): Promise<Pick<FuzzViolation, 'what' | 'input'> | null> {
  let shrinking: string | null = null;
  let shrinksUntilMs = Infinity;
  const property = fc.asyncProperty(open.inputs, async (input) => {
    // A shrink has its time; what is smaller than can be found in it is not looked for.
    if (shrinking !== null && Date.now() > shrinksUntilMs) return;
    dog.begin(textOf(input));
    try {
      const outcome = await within(open.withinMs ?? HANG_MS, Promise.resolve(open.give(input)));
      if (shrinking === null) tally[outcome.kind] += 1;
      const wrong = outcome.kind === 'refused' ? wrongWith(outcome.sentence) : null;
      if (wrong !== null) throw new Error(wrong);
      // A rejection counts as nobody's only once the loop comes round.
      await nextTurn();
      const [lost] = stray.splice(0);
      if (lost !== undefined) throw new Error(`nobody caught: ${describe(lost)}`);
    } catch (error) {
      const kind = kindOf(describe(error));
      // What is smaller and wrong in another way is another violation.
      if (known.includes(kind) || (shrinking !== null && kind !== shrinking)) return;
      if (shrinking === null) shrinksUntilMs = Date.now() + SHRINK_WITHIN_MS;
      shrinking = kind;
      throw error;
    } finally {
      if (shrinking === null) tally.inputs += 1;
      dog.begin('');
    }
  });
  const details = await fc.check(property, { seed, numRuns });
  if (!details.failed) return null;
  tally.inputs += 1;
  const shown = textOf((details.counterexample)?.[0]);
  return { what: describe(details.errorInstance), input: shown.length > SHOWN ? `${shown.slice(0, SHOWN)}... (${shown.length} characters)` : shown };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** With the first lines of its stack where it is a bug's: that is whom it leads to. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isBug ? (error.stack ?? error.message).split('\n').filter((line) => !line.includes('node_modules')).slice(0, 4).join('\n') : error.message.slice(0, 1_000);
}

/** The same fault at other fields is one. */
function kindOf(what: string): string {
  return what.slice(0, 60);
}

function heapInUse(): number {
  // `node --expose-gc`; without it a figure says little.
  (globalThis as { readonly gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}

function growthOf(heaps: readonly number[]): number | null {
  const early = heaps[Math.floor(heaps.length / 4)];
  const last = heaps.at(-1);
  return heaps.length < 8 || early === undefined || last === undefined ? null : last - early;
}
