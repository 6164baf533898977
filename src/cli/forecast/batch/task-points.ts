import { InvalidSeriesError } from '../../../forecasting/invalid-series-error';
import { checkValue, type LoadSeries } from '../../../forecasting/load-series';
import { regularizePoints, type LoadPoint, type RegularizeOptions } from '../../../forecasting/regularize-points';
import { shown } from '../../../domain/shown';

/**
 * `timestamps` and `values` of a task or of a part of it.
 *
 * @param prefix what stands before the fields in errors
 */
export function pointsOf({ timestamps, values }: Readonly<Record<string, unknown>>, prefix: string): LoadPoint[] {
  if (!Array.isArray(timestamps)) throw refusal(`${prefix}timestamps`, 'a list of Unix times in seconds', timestamps);
  if (!Array.isArray(values)) throw refusal(`${prefix}values`, 'a list of numbers', values);
  if (values.length !== timestamps.length) throw new InvalidSeriesError(`${prefix}values`, `expected one for each of the ${timestamps.length} timestamps, got ${values.length}`);
  const points = values.map((value: unknown, i): LoadPoint => {
    const at: unknown = timestamps[i];
    if (typeof at !== 'number' || !Number.isFinite(at)) throw refusal(`${prefix}timestamps[${i}]`, 'a Unix time in seconds', at);
    checkValue(value, `${prefix}values[${i}]`);
    return { atMs: at * 1000, value: value as number | null };
  });
  if (!points.some(({ value }) => value !== null)) throw new InvalidSeriesError(`${prefix}values`, 'there is no value to forecast from');
  return points;
}

/** The points' own errors were found before: what is left is a grid of absurd length, and that is the timestamps' matter. */
export function regularize(points: readonly LoadPoint[], options: RegularizeOptions, prefix: string): LoadSeries {
  try {
    return regularizePoints(points, options);
  } catch (error) {
    if (error instanceof InvalidSeriesError) throw new InvalidSeriesError(`${prefix}timestamps`, error.message.slice(error.field.length + 2));
    throw error;
  }
}

export function refusal(field: string, expected: string, got: unknown): InvalidSeriesError {
  return new InvalidSeriesError(field, `expected ${expected}, got ${shown(got)}`);
}
