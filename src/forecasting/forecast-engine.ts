import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { ForecastAnswer, ForecastRequest } from './forecast-request';
import { InvalidSeriesError } from './invalid-series-error';
import { checkSeries } from './load-series';
import { startThread } from '../threads/start-thread';
import { shareOut, type Share } from './share-out';
import type { WorkerAnswer, WorkerOptions, WorkerTask } from './worker-messages';

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
  /**
   * Values of histories whose models each thread keeps for later calls that continue them, at most (at most 140 bytes a value, garbage included); a series then always goes to
   * the same thread. Left out: nothing is kept.
   */
  readonly keptValues?: number;
}

interface Pending {
  readonly task: WorkerTask;
  /** The thread (from 0) that must do it; null for any. */
  readonly home: number | null;
  readonly resolve: (answers: ForecastAnswer[]) => void;
  readonly reject: (error: Error) => void;
}

/** A forecast engine on worker threads, because the numeric work blocks the thread that it runs on for long. */
export function createForecastEngine({ threads, keptValues = 0 }: ForecastEngineOptions): ForecastEngine {
  if (!Number.isInteger(threads) || threads < 1) throw new RangeError(`threads: expected 1 or more, got ${threads}`);
  if (!(keptValues >= 0)) throw new RangeError(`keptValues: expected 0 or more, got ${keptValues}`);
  /** By number of the thread; undefined where it was not started yet. */
  const workers = new Array<Worker | undefined>(threads).fill(undefined);
  const busy = new Map<number, Pending>();
  const waiting: Pending[] = [];
  let nextId = 1;
  let closed = false;

  function dispatch(): void {
    // Threads that run already come first: one that was never needed is never started.
    for (const thread of workers.keys()) if (workers[thread] !== undefined) assign(thread);
    for (const thread of workers.keys()) if (workers[thread] === undefined) assign(thread);
  }

  function assign(thread: number): void {
    if (busy.has(thread)) return;
    const at = waiting.findIndex(({ home }) => home === null || home === thread);
    if (at < 0) return;
    const [pending] = waiting.splice(at, 1) as [Pending];
    const worker = (workers[thread] ??= launch(thread));
    busy.set(thread, pending);
    worker.ref();
    worker.postMessage(pending.task);
  }

  function launch(thread: number): Worker {
    const worker = startThread(join(__dirname, 'forecast-worker'), { keptValues } satisfies WorkerOptions);
    worker.on('message', (answer: WorkerAnswer) => {
      const pending = busy.get(thread);
      busy.delete(thread);
      worker.unref(); // A thread without work keeps no process alive.
      if ('answers' in answer) pending?.resolve(answer.answers);
      else pending?.reject(toError(answer.error));
      dispatch();
    });
    worker.on('error', (error) => retire(thread, worker, error));
    worker.on('exit', (code) => retire(thread, worker, new Error(`a forecast thread ended with code ${code}`)));
    return worker;
  }

  /** A thread that died fails what it worked on; the next task starts a new one. */
  function retire(thread: number, worker: Worker, error: Error): void {
    if (workers[thread] !== worker) return;
    workers[thread] = undefined;
    const pending = busy.get(thread);
    busy.delete(thread);
    pending?.reject(error);
    if (!closed) dispatch();
  }

  function submit({ requests, home }: Share): Promise<ForecastAnswer[]> {
    return new Promise((resolve, reject) => {
      waiting.push({ task: { id: nextId++, requests }, home, resolve, reject });
      dispatch();
    });
  }

  return {
    async forecast(requests) {
      if (closed) throw new Error('the forecast engine is closed');
      // Checked here as well, so that an error names the request by its place in the call, not in a thread's share of it.
      checkSeries(requests.map(({ series }) => series));
      const shares = shareOut(requests, threads, keptValues > 0);
      const answers = new Array<ForecastAnswer>(requests.length);
      await Promise.all(
        shares.map(async (share) => {
          (await submit(share)).forEach((answer, k) => (answers[share.places[k] as number] = answer));
        }),
      );
      return answers;
    },
    async close() {
      closed = true;
      const refusal = new Error('the forecast engine was closed');
      for (const { reject } of waiting.splice(0)) reject(refusal);
      for (const { reject } of busy.values()) reject(refusal);
      await Promise.all(workers.map(async (worker) => worker?.terminate()));
    },
  };
}

/** Threads pass errors by name: the ones that callers tell apart are made anew. */
function toError({ name, message, field }: { readonly name: string; readonly message: string; readonly field?: string }): Error {
  if (name === 'InvalidSeriesError' && field !== undefined) return new InvalidSeriesError(field, message.slice(field.length + 2));
  return name === 'RangeError' ? new RangeError(message) : new Error(message);
}
