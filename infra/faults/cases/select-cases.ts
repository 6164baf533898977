import { matchPattern } from '../../../src/domain/match-pattern';
import { createRandomStream } from '../../../src/domain/seeded-random';
import type { FaultCase } from './fault-case';

export interface Selection {
  /** A name, or a pattern with `*`; several are separated by commas. */
  readonly only?: string;
  readonly seed: number;
  /** At most so many. */
  readonly limit?: number;
}

/** Which cases are run, in which order: the same for the same seed. Faults that take something away from all come last, so that each of them finds many moves under way. */
export function selectCases(cases: readonly FaultCase[], { only, seed, limit }: Selection): readonly FaultCase[] {
  const patterns = only?.split(',');
  const random = createRandomStream(seed);
  const wanted = cases.filter(({ name }) => patterns?.some((pattern) => matchPattern(pattern, name) !== null) ?? true).map((one) => ({ one, at: random() }));
  const chosen = wanted.toSorted((a, b) => Number(a.one.occurrence > 2) - Number(b.one.occurrence > 2) || a.at - b.at).slice(0, limit ?? wanted.length);
  return chosen.toSorted((a, b) => stageOf(a.one) - stageOf(b.one) || a.at - b.at).map(({ one }) => one);
}

/** Whether a case of that scenario may be meant: the others need not be looked at. */
export function mayBeMeant(scenario: string, only: string | undefined): boolean {
  return only?.split(',').some((glob) => matchPattern(glob.split('/').slice(0, 2).join('/'), scenario) !== null || glob.startsWith('*')) ?? true;
}

function stageOf({ fault: { strike } }: FaultCase): number {
  return strike.kind === 'outage' ? 1 + ['worker', 'temporal', 'database'].indexOf(strike.of) : 0;
}
