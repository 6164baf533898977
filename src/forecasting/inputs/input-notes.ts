import type { LoadSeries } from '../load-series';
import { regressorsKnownAhead } from './input-columns';

/** What the reader should know of inputs that could not be used. */
export function inputNotes(series: LoadSeries): string[] {
  const { startAtMs, stepMs, values, events = [], regressors = [] } = series;
  const endAtMs = startAtMs + values.length * stepMs;
  const used = regressorsKnownAhead(series);
  const left = regressors.filter((one) => !used.includes(one)).map(({ name }) => `regressor ${name} is not known beyond the load's end and was left out`);
  const seen = new Set(events.filter((event) => event.startAtMs < endAtMs && event.endAtMs > startAtMs).map(({ name }) => name));
  const fresh = new Set(events.filter((event) => event.startAtMs >= endAtMs && !seen.has(event.name)).map(({ name }) => name));
  return [...left, ...Array.from(fresh, (name) => `event ${name} is scheduled for the first time: nothing is known of its effect`)];
}
