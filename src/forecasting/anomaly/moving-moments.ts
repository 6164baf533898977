export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

/** Exponentially weighted mean and standard deviation over about `span` values, in the values' unit. */
export function createMovingMoments(span: number): { observe(value: number): Moments } {
  const share = 1 / span;
  let mean: number | null = null;
  let variance = 0;
  return {
    observe(value) {
      mean ??= value;
      const distance = value - mean;
      mean += share * distance;
      variance = (1 - share) * (variance + share * distance * distance);
      return { mean, deviation: Math.sqrt(variance) };
    },
  };
}
