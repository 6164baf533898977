import { probabilityAbove } from '../../../domain/quantile-function';
import type { ForecastAnswer } from '../../../forecasting/forecast-request';
import type { LoadSeries } from '../../../forecasting/load-series';
import type { SeriesUnit } from './format-amount';

/** One series' forecast with all that its faces (text, JSON, plots) tell of it. */
export interface ForecastReport {
  /** What the series is, for a reader: an instance and its metric, or a file. */
  readonly title: string;
  readonly unit: SeriesUnit;
  readonly history: LoadSeries;
  readonly answer: ForecastAnswer;
  /** In the unit; null where none was asked about. */
  readonly limit: number | null;
}

/** The probability (0..1) that the highest value of the horizon passes the limit; null without a limit. */
export function chanceOfLimit({ answer, limit }: ForecastReport): number | null {
  return limit === null ? null : probabilityAbove({ levels: answer.levels, values: answer.peakQuantiles }, limit);
}

/** The whole answer as JSON: every step and level, the peak, the origin of the forecast, and how much history it knew. */
export function reportAsJson(report: ForecastReport): string {
  const { title, unit, history, answer, limit } = report;
  const historyPart = { startAtMs: history.startAtMs, steps: history.values.length, missing: history.values.filter((value) => value === null).length };
  const limitPart = limit === null ? {} : { limit, probabilityAboveLimit: chanceOfLimit(report) };
  return JSON.stringify({ title, unit, horizonMs: answer.quantiles.length * answer.stepMs, ...answer, history: historyPart, ...limitPart }, null, 2);
}
