import { shown } from '../domain/shown';
import { checkInputs } from './inputs/check-inputs';
import type { KnownInputs } from './inputs/known-input';
import { InvalidSeriesError } from './invalid-series-error';

/**
 * Load of one resource on a regular grid, null for a gap, and what is known beside it. Value i stands for the step that begins at `startAtMs + i * stepMs`,
 * as CloudWatch counts.
 */
export interface LoadSeries extends KnownInputs {
  readonly id: string;
  readonly startAtMs: number;
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
  /** What the values cannot leave, in their unit: 0..100 for a percentage, `{ lower: 0 }` for a rate. */
  readonly bounds?: SeriesBounds;
}

export interface SeriesBounds {
  readonly lower?: number;
  readonly upper?: number;
}

/** Magnitudes above this are taken for damage: sums of squares beyond would leave the range of a double. */
const LARGEST_VALUE = 1e18;

/**
 * Checks series that may come from anywhere (JSON, CSV, a metric store).
 *
 * @throws InvalidSeriesError naming the field: an empty series, text, NaN, infinite or absurdly large values, a step that is not
 * positive, crossed bounds, events and regressors that are none. Nothing is repaired silently.
 */
export function checkSeries(series: readonly LoadSeries[]): void {
  series.forEach((one, index) => {
    const at = `series[${index}]`;
    if (typeof one.id !== 'string' || one.id === '') throw new InvalidSeriesError(`${at}.id`, 'expected a name');
    if (!Number.isFinite(one.startAtMs)) throw new InvalidSeriesError(`${at}.startAtMs`, `expected a time in ms, got ${shown(one.startAtMs)}`);
    if (!Number.isFinite(one.stepMs) || one.stepMs <= 0) throw new InvalidSeriesError(`${at}.stepMs`, `expected a positive number of ms, got ${shown(one.stepMs)}`);
    checkBounds(one.bounds, `${at}.bounds`);
    if (!Array.isArray(one.values)) throw new InvalidSeriesError(`${at}.values`, `expected a list of numbers, got ${shown(one.values)}`);
    const wrong = one.values.findIndex((value) => !isUsable(value));
    if (wrong >= 0) checkValue(one.values[wrong], `${at}.values[${wrong}]`);
    checkInputs(one, one, `${at}.`);
    if (!one.values.some((value) => value !== null)) throw new InvalidSeriesError(`${at}.values`, 'there is no value to forecast from');
  });
}

/**
 * The series from its first value on: what lies before is no history, and a backtest on it would have nothing to fit. A series
 * without any value stays as it is, for `checkSeries` to refuse.
 */
export function withoutLeadingGap(series: LoadSeries): LoadSeries {
  const first = Array.isArray(series.values) ? series.values.findIndex((value) => value !== null) : -1;
  if (first <= 0) return series;
  return { ...series, startAtMs: series.startAtMs + first * series.stepMs, values: series.values.slice(first) };
}

function isUsable(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Math.abs(value) <= LARGEST_VALUE);
}

/** Refuses whatever is neither a usable number nor null. */
export function checkValue(value: unknown, field: string): void {
  if (value === null) return;
  if (typeof value !== 'number') throw new InvalidSeriesError(field, `expected a number or null, got ${shown(value)}`);
  if (!Number.isFinite(value)) throw new InvalidSeriesError(field, `expected a finite number, got ${value}`);
  if (Math.abs(value) > LARGEST_VALUE) throw new InvalidSeriesError(field, `${value} is beyond ±${LARGEST_VALUE}`);
}

function checkBounds(bounds: SeriesBounds | undefined, field: string): void {
  const { lower, upper } = bounds ?? {};
  if (lower !== undefined) checkValue(lower, `${field}.lower`);
  if (upper !== undefined) checkValue(upper, `${field}.upper`);
  if (lower !== undefined && upper !== undefined && lower > upper) {
    throw new InvalidSeriesError(field, `lower ${lower} is above upper ${upper}`);
  }
}
