import { InvalidSeriesError } from '../invalid-series-error';
import { EVENT_KINDS, type KnownInputs, type Regressor, type ScheduledEvent } from './known-input';
import { shown } from '../../domain/shown';

/** As large as a load may be. */
const LARGEST_VALUE = 1e18;

/**
 * @param at what stands before the fields in errors, such as `series[0].`
 * @throws InvalidSeriesError naming the field (`series[0].events[2].endAtMs`)
 */
export function checkInputs({ events = [], regressors = [] }: KnownInputs, grid: { readonly startAtMs: number; readonly stepMs: number }, at: string): void {
  if (!Array.isArray(events)) throw new InvalidSeriesError(`${at}events`, 'expected a list');
  if (!Array.isArray(regressors)) throw new InvalidSeriesError(`${at}regressors`, 'expected a list');
  events.forEach((event: ScheduledEvent, i) => checkEvent(event, `${at}events[${i}]`));
  const names = new Set<string>();
  regressors.forEach((regressor: Regressor, i) => {
    const field = `${at}regressors[${i}]`;
    checkRegressor(regressor, grid, field);
    if (names.has(regressor.name)) throw new InvalidSeriesError(`${field}.name`, `there is another regressor "${regressor.name}"`);
    names.add(regressor.name);
  });
}

function checkEvent({ name, kind, startAtMs, endAtMs }: ScheduledEvent, field: string): void {
  if (typeof name !== 'string' || name === '') throw new InvalidSeriesError(`${field}.name`, 'expected a name');
  if (!EVENT_KINDS.includes(kind)) throw new InvalidSeriesError(`${field}.kind`, `expected ${EVENT_KINDS.join(' or ')}, got ${String(kind)}`);
  if (!Number.isFinite(startAtMs)) throw new InvalidSeriesError(`${field}.startAtMs`, `expected a time in ms, got ${String(startAtMs)}`);
  if (!Number.isFinite(endAtMs) || endAtMs <= startAtMs) throw new InvalidSeriesError(`${field}.endAtMs`, `expected a time in ms after the start, got ${String(endAtMs)}`);
}

function checkRegressor({ name, startAtMs, values }: Regressor, grid: { readonly startAtMs: number; readonly stepMs: number }, field: string): void {
  if (typeof name !== 'string' || name === '') throw new InvalidSeriesError(`${field}.name`, 'expected a name');
  if (!Number.isInteger((startAtMs - grid.startAtMs) / grid.stepMs)) {
    throw new InvalidSeriesError(`${field}.startAtMs`, `expected a time on the grid of the load, whole steps of ${grid.stepMs} ms from ${grid.startAtMs}, got ${String(startAtMs)}`);
  }
  if (!Array.isArray(values) || !values.some((value) => value !== null)) throw new InvalidSeriesError(`${field}.values`, 'expected a list with one number at least');
  values.forEach((value: unknown, k) => {
    const usable = value === null || (typeof value === 'number' && Math.abs(value) <= LARGEST_VALUE);
    if (!usable) throw new InvalidSeriesError(`${field}.values[${k}]`, `expected a finite number up to ${LARGEST_VALUE} or null, got ${shown(value)}`);
  });
}
