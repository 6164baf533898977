import { accuracyTargets } from '../../../domain/forecast-accuracy';
import type { BacktestSummary } from '../../../forecasting/backtest/summarize-backtest';
import { alignColumns } from '../align-columns';
import { formatSpan } from '../single/format-amount';

/** Choices by name, the best first, beside what they should reach. */
export function describeBacktest(names: readonly string[], summaries: readonly BacktestSummary[], horizonMs: number): string {
  const { relativeLoss, covered80, covered90, peakHeld } = accuracyTargets(horizonMs);
  const range = ([low, high]: readonly [number, number]): string => `${low}..${high}`;
  const heading = ['model', 'forecasts', 'loss / naive', 'in 80 %', 'in 90 %', 'peak held'];
  const ranked = summaries.toSorted((a, b) => (a.relativeLoss ?? Infinity) - (b.relativeLoss ?? Infinity));
  const rows = ranked.map((one) => {
    const loss = one.relativeLoss === null ? (one.forecasts === 0 ? 'too short' : 'naive is exact') : one.relativeLoss.toFixed(3);
    return [names[one.choice] ?? '', String(one.forecasts), loss, ...[one.covered80, one.covered90, one.peakHeld].map((share) => (one.forecasts === 0 ? '-' : share.toFixed(3)))];
  });
  const target = [`(target, ${formatSpan(horizonMs)})`, '', `<= ${relativeLoss}`, range(covered80), range(covered90), range(peakHeld)];
  return alignColumns([heading, ...rows, target]).join('\n');
}
