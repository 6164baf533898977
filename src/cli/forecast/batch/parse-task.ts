import { checkPredictArguments, STANDARD_LEVELS } from '../../../forecasting/forecast-model';
import type { ForecastRequest } from '../../../forecasting/forecast-request';
import { InvalidSeriesError } from '../../../forecasting/invalid-series-error';
import { checkValue } from '../../../forecasting/load-series';
import { regularizePoints, type LoadPoint } from '../../../forecasting/regularize-points';

/**
 * One task line as a request: an object with `id`, `freq_seconds`, `horizon` (steps), `lower_bound` (number or null), `timestamps` (Unix s) and `values`
 * (number or null for a gap), one for each timestamp. What else it holds is not looked at. Timestamps in any order are put onto the grid of `freq_seconds`.
 *
 * @throws InvalidSeriesError naming the field
 */
export function parseTask(line: string): ForecastRequest {
  const task = parseObject(line);
  const { id, freq_seconds: stepSeconds, horizon, lower_bound: lower = null } = task;
  if (typeof id !== 'string' || id === '') throw refusal('id', 'a name', id);
  if (typeof stepSeconds !== 'number' || !(stepSeconds > 0) || !Number.isFinite(stepSeconds)) throw refusal('freq_seconds', 'a positive number', stepSeconds);
  checkValue(lower, 'lower_bound');
  const bounds = lower === null ? {} : { bounds: { lower: lower as number } };
  return {
    series: regularize(pointsOf(task), { id, stepMs: stepSeconds * 1000, ...bounds }),
    horizonSteps: horizonOf(horizon),
    levels: STANDARD_LEVELS,
  };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  let task: unknown;
  try {
    task = JSON.parse(line);
  } catch (error) {
    throw new InvalidSeriesError('the line', `it is no JSON: ${(error as Error).message}`);
  }
  if (typeof task !== 'object' || task === null || Array.isArray(task)) throw refusal('the line', 'a JSON object', task);
  return task as Readonly<Record<string, unknown>>;
}

function pointsOf({ timestamps, values }: Readonly<Record<string, unknown>>): LoadPoint[] {
  if (!Array.isArray(timestamps)) throw refusal('timestamps', 'a list of Unix times in seconds', timestamps);
  if (!Array.isArray(values)) throw refusal('values', 'a list of numbers', values);
  if (values.length !== timestamps.length) throw new InvalidSeriesError('values', `expected one for each of the ${timestamps.length} timestamps, got ${values.length}`);
  const points = values.map((value: unknown, i): LoadPoint => {
    const at: unknown = timestamps[i];
    if (typeof at !== 'number' || !Number.isFinite(at)) throw refusal(`timestamps[${i}]`, 'a Unix time in seconds', at);
    checkValue(value, `values[${i}]`);
    return { atMs: at * 1000, value: value as number | null };
  });
  if (!points.some(({ value }) => value !== null)) throw new InvalidSeriesError('values', 'there is no value to forecast from');
  return points;
}

/** The points' own errors were found before: what is left is a grid of absurd length, and that is the timestamps' matter. */
function regularize(...args: Parameters<typeof regularizePoints>): ReturnType<typeof regularizePoints> {
  try {
    return regularizePoints(...args);
  } catch (error) {
    if (error instanceof InvalidSeriesError) throw new InvalidSeriesError('timestamps', error.message.slice(error.field.length + 2));
    throw error;
  }
}

function horizonOf(horizon: unknown): number {
  try {
    checkPredictArguments(horizon as number, STANDARD_LEVELS);
  } catch (error) {
    throw new InvalidSeriesError('horizon', (error as Error).message.replace(/^\w+: /, ''));
  }
  return horizon as number;
}

function refusal(field: string, expected: string, got: unknown): InvalidSeriesError {
  return new InvalidSeriesError(field, `expected ${expected}, got ${(JSON.stringify(got) ?? 'nothing').slice(0, 80)}`);
}
