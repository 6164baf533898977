import type { ForecastAnswer } from '../../../forecasting/forecast-request';

/**
 * One answer line: `id`, `mean` (one for each step), `quantiles` (from a level such as "0.05" to one value for each step) and `seconds`.
 *
 * @param seconds CPU time of fit and prediction
 */
export function formatAnswer({ id, mean, levels, quantiles }: ForecastAnswer, seconds: number): string {
  const byLevel = Object.fromEntries(levels.map((level, i) => [level.toFixed(2), quantiles.map((row) => row[i])]));
  return JSON.stringify({ id, mean, quantiles: byLevel, seconds: Number(seconds.toFixed(6)) });
}
