/** Rows before a standstill can be unusual. */
const WARM_UP_ROWS = 200;
/** A standstill is unusual at twice the longest one before and two hours of 5-minute data. */
const LONGEST_RATIO = 2;
const LEAST_ROWS = 24;

/**
 * Whether a stream stands still, to the last digit, for far longer than it ever did: what a dead sensor or a stuck agent sends. True at one row of each standstill;
 * never in a stream that has not moved yet.
 */
export function createFrozenRun(): { observe(value: number): boolean } {
  let before: number | null = null;
  let run = 0;
  let longest = 0;
  let seen = 0;
  return {
    observe(value) {
      if (value !== before) longest = Math.max(longest, run);
      run = value === before ? run + 1 : 0;
      before = value;
      seen += 1;
      return seen > WARM_UP_ROWS && run === LONGEST_RATIO * longest + LEAST_ROWS;
    },
  };
}
