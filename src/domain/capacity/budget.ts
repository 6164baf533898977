/** What capacity may cost, an hour or over the whole of the wanted time, in USD. */
export interface CapacityBudget {
  readonly maximumUsdPerHour?: number;
  readonly maximumUsdTotal?: number;
}

/** What all of it together may cost an hour, from either form of the budget; Infinity where there is none. */
export function maximumUsdPerHour(budget: CapacityBudget | undefined, durationMs: number): number {
  return Math.min(budget?.maximumUsdPerHour ?? Infinity, ((budget?.maximumUsdTotal ?? Infinity) * 3_600_000) / durationMs);
}
