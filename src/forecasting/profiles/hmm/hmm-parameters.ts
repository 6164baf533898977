/** A hidden Markov model with Gaussian emissions whose transitions depend on the part of the day. */
export interface HmmParameters {
  readonly states: number;
  /** Equally long parts of the day; 1: transitions are the same all day. */
  readonly dayParts: number;
  /** `[state]` */
  readonly initial: Float64Array;
  /** `[part of the day of the arrival][from][to]` in one array; rows sum to 1, and no entry is 0. */
  readonly transitions: Float64Array;
  /** `[state]` */
  readonly means: Float64Array;
  /** `[state]`: standard deviations, above 0. */
  readonly deviations: Float64Array;
}

/** One observed course: values (NaN for a gap), and the part of the day that each stands in. */
export interface HmmSequence {
  readonly values: Float64Array;
  readonly parts: Uint8Array;
}

const DAY_MS = 86_400_000;

/** The part of the day (UTC) of each step from `startAtMs` on. */
export function dayPartsOf(startAtMs: number, stepMs: number, length: number, dayParts: number): Uint8Array {
  const parts = new Uint8Array(length);
  if (dayParts === 1) return parts;
  for (let t = 0; t < length; t++) {
    const ofDayMs = (((startAtMs + t * stepMs) % DAY_MS) + DAY_MS) % DAY_MS;
    parts[t] = Math.min(dayParts - 1, Math.floor((ofDayMs * dayParts) / DAY_MS));
  }
  return parts;
}

/** @throws RangeError naming the field that no model can have */
export function checkHmm({ states, dayParts, initial, transitions, means, deviations }: HmmParameters): void {
  if (!Number.isInteger(states) || states < 1) throw new RangeError(`states: expected 1 or more, got ${states}`);
  if (!Number.isInteger(dayParts) || dayParts < 1 || dayParts > 255) throw new RangeError(`dayParts: expected 1..255, got ${dayParts}`);
  const sizes = [initial.length, means.length, deviations.length].every((length) => length === states) && transitions.length === dayParts * states * states;
  if (!sizes) throw new RangeError(`parameters: expected ${states} states and ${dayParts} parts of the day in every field`);
  if (!deviations.every((value) => value > 0)) throw new RangeError('deviations: expected numbers above 0');
  if (!transitions.every((value) => value > 0 && value <= 1)) throw new RangeError('transitions: expected probabilities above 0');
  if (!initial.every((value) => value >= 0 && value <= 1)) throw new RangeError('initial: expected probabilities');
}
