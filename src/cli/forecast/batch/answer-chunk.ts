import type { ForecastEngine } from '../../../forecasting/forecast-engine';
import type { ForecastAnswer } from '../../../forecasting/forecast-request';
import { InvalidSeriesError } from '../../../forecasting/invalid-series-error';
import type { ModelChoice } from '../with-forecast-engine';
import { formatAnswer } from './format-answer';
import type { NumberedTask, RefusedLine, TaskChunk } from './gather-chunks';

export interface AnsweredChunk {
  /** Answer lines without their line ends. */
  readonly answers: readonly string[];
  readonly refused: readonly RefusedLine[];
}

/**
 * Forecasts a chunk, tasks of one horizon after those of another. Every answer's `seconds` is its share of the CPU time that the whole process spent on the tasks
 * of its horizon, all threads taken together: series share their fits, so that no finer split would be true. For that, nothing else may run meanwhile.
 */
export async function answerChunk(engine: ForecastEngine, { tasks, refused }: TaskChunk, choice: ModelChoice): Promise<AnsweredChunk> {
  const lines: string[] = [];
  const missing = [...refused];
  for (const group of byHorizon(tasks)) {
    const before = process.cpuUsage();
    const forecast = await forecastAll(engine, group, choice);
    const spent = process.cpuUsage(before);
    const seconds = (spent.user + spent.system) / 1e6 / group.length;
    lines.push(...forecast.answers.map((answer) => formatAnswer(answer, seconds)));
    missing.push(...forecast.refused);
  }
  return { answers: lines, refused: missing.toSorted((a, b) => a.line - b.line) };
}

function byHorizon(tasks: readonly NumberedTask[]): NumberedTask[][] {
  const groups = new Map<number, NumberedTask[]>();
  for (const task of tasks) {
    const group = groups.get(task.request.horizonSteps);
    if (group === undefined) groups.set(task.request.horizonSteps, [task]);
    else group.push(task);
  }
  return [...groups.values()];
}

/** Where a model refuses a series, the others are asked again one by one, so that they still get their answers. */
async function forecastAll(engine: ForecastEngine, tasks: readonly NumberedTask[], choice: ModelChoice): Promise<{ answers: ForecastAnswer[]; refused: RefusedLine[] }> {
  const requests = tasks.map(({ request }) => ({ ...request, ...choice }));
  try {
    return { answers: await engine.forecast(requests), refused: [] };
  } catch (error) {
    if (!(error instanceof InvalidSeriesError)) throw error;
    const [only] = tasks;
    if (tasks.length === 1 && only !== undefined) return { answers: [], refused: [{ line: only.line, reason: error.message }] };
  }
  const answers: ForecastAnswer[] = [];
  const refused: RefusedLine[] = [];
  for (const task of tasks) {
    const one = await forecastAll(engine, [task], choice);
    answers.push(...one.answers);
    refused.push(...one.refused);
  }
  return { answers, refused };
}
