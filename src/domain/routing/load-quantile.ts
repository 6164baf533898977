/** With probability `level` (0..1, both excluded) it is `value` at most. */
export interface DemandQuantile {
  readonly level: number;
  readonly value: number;
}

/** The least value that is known to hold with that probability; the highest known one where none does. */
export function demandAt(quantiles: readonly DemandQuantile[], level: number): number {
  const rising = quantiles.toSorted((a, b) => a.level - b.level);
  return (rising.find((one) => one.level >= level) ?? rising.at(-1))?.value ?? 0;
}
