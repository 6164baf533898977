import type { LoadSeries } from '../load-series';

/** As far back as the shipped gates looked when they were trained. */
const LONGEST_HISTORY_MS = 28 * 86_400_000;

/** The last 28 days of a series: what a forecast looks at. */
export function recentHistory(series: LoadSeries): LoadSeries {
  const { startAtMs, stepMs, values } = series;
  const cut = Math.max(0, values.length - Math.floor(LONGEST_HISTORY_MS / stepMs));
  return cut === 0 ? series : { ...series, startAtMs: startAtMs + cut * stepMs, values: values.slice(cut) };
}
