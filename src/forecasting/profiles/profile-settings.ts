/** Numbers of states that a profile's hidden Markov model is tried with. */
export const STATE_COUNTS: readonly number[] = [2, 3, 4, 5, 6, 8];
/** Parts of the day with transitions of their own: three hours each. */
export const DAY_PARTS = 8;
