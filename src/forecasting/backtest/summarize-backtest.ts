import type { BacktestRow } from './run-backtest';

/** How one choice did over all series and origins. Shares are 0..1. */
export interface BacktestSummary {
  readonly choice: number;
  readonly forecasts: number;
  /** Geometric mean of the quantile loss over that of the naive forecast; null where the naive ones were all exact. */
  readonly relativeLoss: number | null;
  readonly covered80: number;
  readonly covered90: number;
  readonly peakHeld: number;
}

/** One summary for each of `choices` choices; those without any row have no forecasts and zeros. */
export function summarizeBacktest(rows: readonly BacktestRow[], choices: number): BacktestSummary[] {
  return Array.from({ length: choices }, (_, choice) => {
    const own = rows.filter((row) => row.choice === choice).map(({ score }) => score);
    const ratios = own.flatMap(({ logRatio }) => (logRatio === null ? [] : [logRatio]));
    return {
      choice,
      forecasts: own.length,
      relativeLoss: ratios.length === 0 ? null : Math.exp(mean(ratios)),
      covered80: mean(own.map(({ covered80 }) => covered80)),
      covered90: mean(own.map(({ covered90 }) => covered90)),
      peakHeld: mean(own.map(({ peakHeld }) => (peakHeld === true ? 1 : 0))),
    };
  });
}

/** Mean log loss ratio of one choice over another for each series, over the origins that both have: what a paired test is made of. */
export function pairedLogRatios(rows: readonly BacktestRow[], choice: number, over: number): number[] {
  const base = new Map(rows.filter((row) => row.choice === over).map((row) => [`${row.seriesId}/${row.origin}`, row.score.logRatio]));
  const bySeries = new Map<string, number[]>();
  for (const { seriesId, origin, choice: own, score } of rows) {
    const other = base.get(`${seriesId}/${origin}`);
    if (own !== choice || score.logRatio === null || other === undefined || other === null) continue;
    bySeries.set(seriesId, [...(bySeries.get(seriesId) ?? []), score.logRatio - other]);
  }
  return [...bySeries.values()].map(mean);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
