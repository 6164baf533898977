import type { ForecastRequest } from '../../../forecasting/forecast-request';
import { InvalidSeriesError } from '../../../forecasting/invalid-series-error';
import { parseTask } from './parse-task';

/** A line that was taken for a task; lines are counted from 1. */
export interface NumberedTask {
  readonly line: number;
  readonly request: ForecastRequest;
}

export interface RefusedLine {
  readonly line: number;
  /** Names the field. */
  readonly reason: string;
}

export interface TaskChunk {
  readonly tasks: readonly NumberedTask[];
  readonly refused: readonly RefusedLine[];
}

/** Enough series to share a fit and keep all threads busy ... */
const MOST_TASKS = 512;
/** ... but no more history in memory than this: two weeks of 5-minute values for each of 512 series. */
const MOST_VALUES = MOST_TASKS * 4032;

/** Lines as chunks of tasks, each parsed when it is asked for: memory is bounded by a chunk, however long the input is. Empty lines are skipped. */
export async function* gatherChunks(lines: AsyncIterable<string>): AsyncGenerator<TaskChunk> {
  let tasks: NumberedTask[] = [];
  let refused: RefusedLine[] = [];
  let values = 0;
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    try {
      const request = parseTask(text);
      tasks.push({ line, request });
      values += request.series.values.length;
    } catch (error) {
      if (!(error instanceof InvalidSeriesError)) throw error;
      refused.push({ line, reason: error.message });
    }
    if (tasks.length + refused.length < MOST_TASKS && values < MOST_VALUES) continue;
    yield { tasks, refused };
    [tasks, refused, values] = [[], [], 0];
  }
  if (tasks.length + refused.length > 0) yield { tasks, refused };
}
