const DAY_MS = 86_400_000;
const SLOT_MS = 300_000;
/** A slot says what is usual after so many values. */
const USUAL_AFTER_VALUES = 2;
/** How much the latest value of a slot counts: the usual follows within about a week of days. */
const LEARNING_SHARE = 0.25;

/**
 * How far each value lies from what is usual at its time of day (UTC, in slots of five minutes), in the values' unit; null until that is known. A load that stays
 * away at its hour has ordinary values at the wrong time: only this evidence sees it. Works for any step and any order of times; memory is one day of slots.
 *
 * Method: seasonal exponential smoothing without level and trend (Winters 1960), with plain means at first.
 */
export function createTimeOfDayDeviation(): { observe(value: number, atMs: number): number | null } {
  const usual = new Float64Array(DAY_MS / SLOT_MS);
  const seen = new Uint32Array(DAY_MS / SLOT_MS);
  return {
    observe(value, atMs) {
      const slot = Math.floor((((atMs % DAY_MS) + DAY_MS) % DAY_MS) / SLOT_MS);
      const expected = usual[slot] as number;
      const values = seen[slot] as number;
      usual[slot] = expected + Math.max(LEARNING_SHARE, 1 / (values + 1)) * (value - expected);
      seen[slot] = values + 1;
      return values < USUAL_AFTER_VALUES ? null : value - expected;
    },
  };
}
