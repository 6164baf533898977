import { spreadOrigins } from '../rules/path-rule';

/** Past windows whose joint course the sums' paths take over. */
export interface TemplateWindows {
  /** How many steps before the end each window begins. */
  readonly stepsBack: readonly number[];
  /** How much history a child needs for them. */
  readonly span: number;
}

const MOST_WINDOWS = 200;
const FEWEST_WINDOWS = 20;
/** Children with less history than this share of them borrow another's course rather than shorten it for all. */
const NEW_SHARE = 0.25;

/** Windows of `horizon` steps within the history that most children have; null where there is too little to tell how they move together. */
export function templateWindows(historyLengths: readonly number[], horizon: number, longest: number): TemplateWindows | null {
  const rising = historyLengths.toSorted((a, b) => a - b);
  const span = Math.min(longest, rising[Math.floor(NEW_SHARE * rising.length)] ?? 0);
  // One value before the first window is needed, to tell how each child moved from there.
  const stepsBack = spreadOrigins(horizon, span - 1, MOST_WINDOWS);
  return stepsBack.length < FEWEST_WINDOWS ? null : { stepsBack, span };
}
