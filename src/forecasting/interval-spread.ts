/** How far a model's intervals are stretched around their median, at the next step and at one day. */
export interface IntervalSpread {
  readonly nextStep: number;
  readonly oneDay: number;
}

/**
 * The stretch for a horizon, growing in proportion up to one day. Models are judged by errors on what they were fitted to, which are too small,
 * the more so the further ahead; the two numbers of a model were measured on the development traces.
 */
export function spreadFor({ nextStep, oneDay }: IntervalSpread, horizon: number, dayLength: number): number {
  return nextStep + (oneDay - nextStep) * Math.min(1, horizon / dayLength);
}
