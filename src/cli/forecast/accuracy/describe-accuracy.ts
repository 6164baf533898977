import { accuracyTargets, type AccuracySummary } from '../../../domain/forecast-accuracy';
import { unitOf } from '../../../domain/forecast';
import { alignColumns } from '../align-columns';
import { formatAmount, formatSpan } from '../single/format-amount';

const HEADING = ['pool', 'metric', 'horizon', 'model', 'forecasts', 'loss / naive', 'abs. error', 'bias', 'in 80 %', 'in 90 %', 'peak held'];

/** How past forecasts turned out, as a table; the figures that have a target stand beside it, with "!" where they miss it. */
export function describeAccuracy(summaries: readonly AccuracySummary[]): string {
  return alignColumns([HEADING, ...summaries.map(row)]).join('\n');
}

function row(one: AccuracySummary): string[] {
  const targets = accuracyTargets(one.horizonMs);
  const unit = unitOf(one.metric);
  return [
    one.pool,
    one.metric,
    formatSpan(one.horizonMs),
    one.model,
    String(one.forecasts),
    one.relativeLoss === null ? 'naive is exact' : `${one.relativeLoss.toFixed(3)} (<= ${targets.relativeLoss})${one.relativeLoss <= targets.relativeLoss ? '' : ' !'}`,
    formatAmount(one.absoluteError, unit),
    `${one.bias > 0 ? '+' : ''}${formatAmount(one.bias, unit)}`,
    share(one.covered80, targets.covered80),
    share(one.covered90, targets.covered90),
    one.peakHeld === null ? '-' : share(one.peakHeld, targets.peakHeld),
  ];
}

function share(value: number, [low, high]: readonly [number, number]): string {
  return `${value.toFixed(3)} (${low}..${high})${value >= low && value <= high ? '' : ' !'}`;
}
