import { quantileAt } from '../../../domain/quantile-function';
import { alignColumns } from '../align-columns';
import { chanceOfLimit, type ForecastReport } from './forecast-report';
import { formatAmount, formatRange, formatSpan } from './format-amount';
import { leadSteps } from './lead-times';
import { clockOf, dayOf, type TimeZone } from './time-zone';

/** The intervals of the table; the wider ones stand further to the right. */
const INTERVALS: readonly (readonly [number, number])[] = [
  [0.1, 0.9],
  [0.05, 0.95],
];
const PEAK_LEVELS: readonly number[] = [0.5, 0.9, 0.95];

/** A forecast as text: a line for each lead time with median and intervals, the peak, the limit, what the reader should know, and which model said so. */
export function describeForecast(report: ForecastReport, zone: TimeZone): string {
  const { title, history, answer } = report;
  const span = formatSpan(answer.quantiles.length * answer.stepMs);
  const steps = `${answer.quantiles.length} ${answer.quantiles.length === 1 ? 'step' : 'steps'} of ${formatSpan(answer.stepMs)}`;
  const since = `${history.values.length} steps since ${dayOf(history.startAtMs, zone)} ${clockOf(history.startAtMs, zone)}`;
  return [
    `${title}: ${span} from ${dayOf(answer.issuedAtMs, zone)} ${clockOf(answer.issuedAtMs, zone)} ${zone.nameAt(answer.issuedAtMs)}, ${steps}`,
    '',
    ...alignColumns(forecastTable(report, zone)),
    '',
    `peak within ${span}: ${peakLine(report)}`,
    ...limitLines(report),
    ...answer.notes.map((note) => `note: ${note}`),
    `model ${answer.model} ${answer.version}, history ${since}`,
    `digest ${answer.digest}`,
  ].join('\n');
}

/** Heading and rows: lead time, time, median, intervals. */
export function forecastTable({ answer, unit }: ForecastReport, zone: TimeZone): string[][] {
  const { levels, quantiles, stepMs, issuedAtMs } = answer;
  const heading = ['in', 'at', 'median', ...INTERVALS.map(([low, high]) => `${low} .. ${high}`)];
  const rows = leadSteps(stepMs, quantiles.length).map((step) => {
    const leadMs = (step + 1) * stepMs;
    const at = (level: number): number => quantileAt({ levels, values: quantiles[step] as readonly number[] }, level);
    const time = `${dayOf(issuedAtMs + leadMs, zone)} ${clockOf(issuedAtMs + leadMs, zone)}`;
    return [formatSpan(leadMs), time, formatAmount(at(0.5), unit), ...INTERVALS.map(([low, high]) => formatRange(at(low), at(high), unit))];
  });
  return [heading, ...rows];
}

/** The quantiles of the highest value in one line. */
export function peakLine({ answer, unit }: ForecastReport): string {
  const peak = { levels: answer.levels, values: answer.peakQuantiles };
  return PEAK_LEVELS.map((level) => `${level === 0.5 ? 'median' : level} ${formatAmount(quantileAt(peak, level), unit)}`).join(', ');
}

/** What became of the limit, in one line; none without a limit. */
export function limitLines(report: ForecastReport): string[] {
  const chance = chanceOfLimit(report);
  if (chance === null || report.limit === null) return [];
  return [`limit ${formatAmount(report.limit, report.unit)}: passed with probability ${chance.toFixed(3)}`];
}
