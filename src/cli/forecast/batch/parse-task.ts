import { checkPredictArguments, STANDARD_LEVELS } from '../../../forecasting/forecast-model';
import type { ForecastRequest } from '../../../forecasting/forecast-request';
import { InvalidSeriesError } from '../../../forecasting/invalid-series-error';
import { checkValue } from '../../../forecasting/load-series';
import { parseInputs } from './parse-inputs';
import { pointsOf, refusal, regularize } from './task-points';

/**
 * One task line as a request: an object with `id`, `freq_seconds`, `horizon` (steps), `lower_bound` (number or null), `timestamps` (Unix s) and `values`
 * (number or null for a gap), one for each timestamp. Timestamps in any order are put onto the grid of `freq_seconds`. It may also hold `events` (`name`, `kind`,
 * `start`, `end` in Unix s) and `regressors` (`name`, `timestamps`, `values`, which may reach into the horizon). What else it holds is not looked at.
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
  const stepMs = stepSeconds * 1000;
  const series = regularize(pointsOf(task, ''), { id, stepMs, ...bounds }, '');
  return {
    series: { ...series, ...parseInputs(task, series) },
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

function horizonOf(horizon: unknown): number {
  try {
    checkPredictArguments(horizon as number, STANDARD_LEVELS);
  } catch (error) {
    throw new InvalidSeriesError('horizon', (error as Error).message.replace(/^\w+: /, ''));
  }
  return horizon as number;
}
