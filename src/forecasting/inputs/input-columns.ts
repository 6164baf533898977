import { dayLengthOf } from '../day-length';
import { fillGaps } from '../fill-gaps';
import type { LoadSeries } from '../load-series';
import { continueRegressor } from './continue-regressor';
import type { Regressor, ScheduledEvent } from './known-input';

/** What is known beside a load, as numbers for each of its steps, those after its end included. */
export interface InputColumns {
  /** One for each event name, and one for each regressor. */
  readonly names: readonly string[];
  /** Steps `from` (inclusive) to `to` (exclusive) of the load, row-major `[step][column]`. An event counts by the share of the step that it covers. */
  rows(from: number, to: number): Float64Array;
}

/** Null for a load of which nothing else is known ahead. */
export function inputColumns(series: LoadSeries): InputColumns | null {
  const { events = [] } = series;
  const regressors = regressorsKnownAhead(series);
  const byName = new Map<string, ScheduledEvent[]>();
  for (const event of events) byName.set(event.name, [...(byName.get(event.name) ?? []), event]);
  const columns = [
    ...Array.from(byName, ([name, windows]) => ({ name: `event ${name}`, column: (from: number, to: number) => eventColumn(series, windows, from, to) })),
    ...regressors.map((regressor) => ({ name: `regressor ${regressor.name}`, column: regressorColumn(series, regressor) })),
  ];
  if (columns.length === 0) return null;
  return {
    names: columns.map(({ name }) => name),
    rows(from, to) {
      const rows = new Float64Array((to - from) * columns.length);
      columns.forEach(({ column }, j) => column(from, to).forEach((value, i) => (rows[i * columns.length + j] = value)));
      return rows;
    },
  };
}

/**
 * Regressors with values beyond the end of the load. One that ends with it is left out: its own future would have to be guessed, and the load's past says as much
 * of the load's.
 */
export function regressorsKnownAhead({ startAtMs, stepMs, values, regressors = [] }: LoadSeries): Regressor[] {
  return regressors.filter((one) => one.startAtMs + one.values.length * stepMs > startAtMs + values.length * stepMs);
}

function eventColumn({ startAtMs, stepMs }: LoadSeries, windows: readonly ScheduledEvent[], from: number, to: number): Float64Array {
  const column = new Float64Array(to - from);
  for (const window of windows) {
    const start = (window.startAtMs - startAtMs) / stepMs;
    const end = (window.endAtMs - startAtMs) / stepMs;
    for (let i = Math.max(from, Math.floor(start)); i < Math.min(to, end); i++) {
      const covered = Math.min(end, i + 1) - Math.max(start, i);
      // Windows of one name that overlap are still one event.
      column[i - from] = Math.min(1, (column[i - from] as number) + covered);
    }
  }
  return column;
}

/** Before its start a regressor has its first value; beyond its end it is continued. */
function regressorColumn(series: LoadSeries, regressor: Regressor): (from: number, to: number) => Float64Array {
  const dayLength = dayLengthOf(series);
  const { values } = fillGaps(regressor.values, dayLength);
  const offset = Math.round((series.startAtMs - regressor.startAtMs) / series.stepMs);
  const ahead = continueRegressor(values, dayLength);
  const at = (i: number): number => {
    const place = Math.max(0, i + offset);
    return place < values.length ? (values[place] as number) : ahead(place - values.length);
  };
  return (from, to) => Float64Array.from({ length: to - from }, (_, i) => at(from + i));
}
