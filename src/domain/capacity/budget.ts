/** What capacity may cost, an hour or over the whole of the wanted time, in USD. */
export interface CapacityBudget {
  readonly maximumUsdPerHour?: number;
  readonly maximumUsdTotal?: number;
}

/** Sums of prices. */
const ROUNDING = 1e-9;

/** What all of it together may cost an hour, from either form of the budget; Infinity where there is none. */
export function maximumUsdPerHour(budget: CapacityBudget | undefined, durationMs: number): number {
  return Math.min(budget?.maximumUsdPerHour ?? Infinity, ((budget?.maximumUsdTotal ?? Infinity) * 3_600_000) / durationMs);
}

/** Why a cost is beyond a budget, with the sum; null: it is not. */
export function beyondBudget(budget: CapacityBudget | undefined, { usdPerHour, usdTotal }: { readonly usdPerHour: number; readonly usdTotal: number }): string | null {
  const { maximumUsdPerHour: perHour = Infinity, maximumUsdTotal: total = Infinity } = budget ?? {};
  if (usdPerHour > perHour + ROUNDING) return `it would cost ${usdPerHour.toFixed(4)} USD an hour; the budget allows ${perHour}`;
  if (usdTotal > total + ROUNDING) return `it would cost ${usdTotal.toFixed(4)} USD in all; the budget allows ${total}`;
  return null;
}
