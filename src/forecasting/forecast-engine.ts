import type { Worker } from 'node:worker_threads';
import type { ForecastAnswer, ForecastRequest } from './forecast-request';
import { InvalidSeriesError } from './invalid-series-error';
import { checkSeries } from './load-series';
import { learnsAcrossSeries } from './model-names';
import { startForecastWorker } from './start-forecast-worker';
import type { WorkerAnswer, WorkerTask } from './worker-messages';

export interface ForecastEngine {
  /**
   * Forecasts each request, in order. The work is spread over the threads; the calling thread only waits.
   *
   * @throws InvalidSeriesError naming the field (`series[i]` is request i), RangeError for a horizon, levels or model out of range
   */
  forecast(requests: readonly ForecastRequest[]): Promise<ForecastAnswer[]>;
  /** Ends the threads; forecasts still under way are refused. */
  close(): Promise<void>;
}

export interface ForecastEngineOptions {
  /** Threads that compute, each about 60 MB with tfjs loaded. They start with the first forecasts, not before. */
  readonly threads: number;
}

/** One message's worth of requests: large enough to batch the fit, small enough to spread over threads and to copy. */
const CHUNK = 64;

interface Pending {
  readonly task: WorkerTask;
  readonly resolve: (answers: ForecastAnswer[]) => void;
  readonly reject: (error: Error) => void;
}

/** A forecast engine on worker threads, because the numeric work blocks the thread that it runs on for long. */
export function createForecastEngine({ threads }: ForecastEngineOptions): ForecastEngine {
  if (!Number.isInteger(threads) || threads < 1) throw new RangeError(`threads: expected 1 or more, got ${threads}`);
  const idle: Worker[] = [];
  const busy = new Map<Worker, Pending>();
  const waiting: Pending[] = [];
  let nextId = 1;
  let closed = false;

  function dispatch(): void {
    while (waiting.length > 0) {
      const worker = idle.pop() ?? (busy.size < threads ? launch() : undefined);
      if (worker === undefined) return;
      const pending = waiting.shift() as Pending;
      busy.set(worker, pending);
      worker.ref();
      worker.postMessage(pending.task);
    }
  }

  function launch(): Worker {
    const worker = startForecastWorker();
    worker.on('message', (answer: WorkerAnswer) => {
      const pending = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      worker.unref(); // A thread without work keeps no process alive.
      if ('answers' in answer) pending?.resolve(answer.answers);
      else pending?.reject(toError(answer.error));
      dispatch();
    });
    worker.on('error', (error) => retire(worker, error));
    worker.on('exit', (code) => retire(worker, new Error(`a forecast thread ended with code ${code}`)));
    return worker;
  }

  /** A thread that died fails what it worked on; the next task starts a new one. */
  function retire(worker: Worker, error: Error): void {
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
    const pending = busy.get(worker);
    busy.delete(worker);
    pending?.reject(error);
    if (!closed) dispatch();
  }

  function submit(requests: readonly ForecastRequest[]): Promise<ForecastAnswer[]> {
    return new Promise((resolve, reject) => {
      waiting.push({ task: { id: nextId++, requests }, resolve, reject });
      dispatch();
    });
  }

  return {
    async forecast(requests) {
      if (closed) throw new Error('the forecast engine is closed');
      // Checked here as well, so that an error names the request by its place in the call, not in a thread's share of it.
      checkSeries(requests.map(({ series }) => series));
      const together = requests.some(({ model }) => learnsAcrossSeries(model));
      const size = together ? requests.length : Math.max(1, Math.min(CHUNK, Math.ceil(requests.length / threads)));
      const chunks: (readonly ForecastRequest[])[] = [];
      for (let at = 0; at < requests.length; at += size) chunks.push(requests.slice(at, at + size));
      return (await Promise.all(chunks.map(submit))).flat();
    },
    async close() {
      closed = true;
      const refusal = new Error('the forecast engine was closed');
      for (const { reject } of waiting.splice(0)) reject(refusal);
      const workers = [...idle, ...busy.keys()];
      for (const { reject } of busy.values()) reject(refusal);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Threads pass errors by name: the ones that callers tell apart are made anew. */
function toError({ name, message, field }: { readonly name: string; readonly message: string; readonly field?: string }): Error {
  if (name === 'InvalidSeriesError' && field !== undefined) return new InvalidSeriesError(field, message.slice(field.length + 2));
  return name === 'RangeError' ? new RangeError(message) : new Error(message);
}
