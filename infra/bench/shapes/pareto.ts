/** What a way of sizing came to. */
export interface TradeOff {
  readonly name: string;
  readonly usd: number;
  readonly insufficientMinutes: number;
}

/** The first of the others that is at least as good in both and better in one; null where the point lies on or beyond their front. */
export function dominatedBy(point: TradeOff, others: readonly TradeOff[]): TradeOff | null {
  const atLeastAsGood = (one: TradeOff): boolean => one.usd <= point.usd && one.insufficientMinutes <= point.insufficientMinutes;
  const better = (one: TradeOff): boolean => one.usd < point.usd || one.insufficientMinutes < point.insufficientMinutes;
  return others.find((one) => atLeastAsGood(one) && better(one)) ?? null;
}
