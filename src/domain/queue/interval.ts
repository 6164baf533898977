/** From an instant, inclusive, until another, exclusive. */
export interface Interval {
  readonly fromMs: number;
  readonly untilMs: number;
}

export function contains({ fromMs, untilMs }: Interval, atMs: number): boolean {
  return atMs >= fromMs && atMs < untilMs;
}
