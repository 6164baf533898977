/** Up to this many missing steps a straight line is taken for what happened; beyond, the day before is the better guess. */
const SHORT_GAP = 6;

/** Values without gaps, and which of them were really seen. */
export interface FilledValues {
  readonly values: Float64Array;
  readonly observed: Uint8Array;
}

/**
 * Fills gaps causally enough for forecasting: a short gap between two values by a straight line, a long one by the value one day
 * earlier, a trailing one by the last value seen, a leading one by the first. There must be one value at least.
 *
 * @param dayLength steps of one day
 */
export function fillGaps(values: readonly (number | null)[], dayLength: number): FilledValues {
  if (values.every((value) => value === null)) throw new RangeError('values: there is no value to fill gaps from');
  const observed = new Uint8Array(values.length);
  const filled = new Float64Array(values.length);
  for (let i = 0; i < filled.length; i++) {
    const value = values[i] as number | null;
    if (value === null) continue;
    observed[i] = 1;
    filled[i] = value;
  }
  let previous = -1;
  for (let i = 0; i <= filled.length; i++) {
    if (i < filled.length && observed[i] === 0) continue;
    if (i > previous + 1) fillBetween(filled, previous, i, dayLength);
    previous = i;
  }
  return { values: filled, observed };
}

/** Fills the steps strictly between `before` (-1: none) and `after` (length: none). */
function fillBetween(filled: Float64Array, before: number, after: number, dayLength: number): void {
  const missing = after - before - 1;
  for (let i = before + 1; i < after; i++) {
    if (before < 0) filled[i] = filled[after] as number;
    else if (after >= filled.length) filled[i] = filled[before] as number;
    else if (missing > SHORT_GAP && i >= dayLength) filled[i] = filled[i - dayLength] as number;
    else filled[i] = (filled[before] as number) + (((filled[after] as number) - (filled[before] as number)) * (i - before)) / (missing + 1);
  }
}
