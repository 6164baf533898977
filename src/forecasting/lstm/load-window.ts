/** Steps that the network looks back. */
export const WINDOW = 96;
/** Steps that it looks ahead in one go. */
export const AHEAD = 24;
/** Neighbouring steps are read together, so that the recurrence is a quarter as long (patches, Nie et al. 2023). */
export const PATCH = 4;
export const PATCHES = WINDOW / PATCH;
/** A patch, and sine and cosine of the time of day at its first step. */
export const CHANNELS = PATCH + 2;

const DAY_MS = 86_400_000;
/** Windows hardly move where load idles; their unit is at least this share of the series' own deviation. */
const SMALLEST_SCALE = 0.05;

/** Where a window is measured from, and in which unit. */
export interface WindowScale {
  readonly origin: number;
  readonly unit: number;
}

/** A window's own scale: its last value, and its mean deviation. */
export function scaleOfWindow(window: ArrayLike<number>, seriesDeviation: number): WindowScale {
  const origin = window[WINDOW - 1] as number;
  let sum = 0;
  for (let i = 0; i < WINDOW; i++) sum += window[i] as number;
  const mean = sum / WINDOW;
  let deviation = 0;
  for (let i = 0; i < WINDOW; i++) deviation += Math.abs((window[i] as number) - mean);
  return { origin, unit: Math.max(deviation / WINDOW, SMALLEST_SCALE * seriesDeviation) };
}

/**
 * Writes a window as the network's input, `[patch][channel]`. Distances from the origin are squeezed by asinh, which leaves bursts visible and finite.
 *
 * @param firstAtMs time of the window's first step
 */
export function writeInput(into: Float32Array, at: number, window: ArrayLike<number>, { origin, unit }: WindowScale, firstAtMs: number, stepMs: number): void {
  for (let p = 0; p < PATCHES; p++) {
    const row = at + p * CHANNELS;
    for (let k = 0; k < PATCH; k++) into[row + k] = Math.asinh(((window[p * PATCH + k] as number) - origin) / unit);
    const angle = (2 * Math.PI * ((firstAtMs + p * PATCH * stepMs) % DAY_MS)) / DAY_MS;
    into[row + PATCH] = Math.sin(angle);
    into[row + PATCH + 1] = Math.cos(angle);
  }
}

/** Deviations that nothing can be divided by count as none. */
const SMALLEST_DEVIATION = 1e-290;

/** Mean deviation of a series from its mean; exactly 0 where all values are equal. */
export function deviationOf(values: Float64Array): number {
  if (values.every((value) => value === values[0])) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = values.reduce((sum, value) => sum + Math.abs(value - mean), 0) / values.length;
  return deviation < SMALLEST_DEVIATION ? 0 : deviation;
}
