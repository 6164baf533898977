import type { ForecastAnswer, ForecastRequest } from './forecast-request';

/** What a thread is told when it starts. */
export interface WorkerOptions {
  /** Values of histories whose models the thread keeps from task to task, at most. */
  readonly keptValues: number;
}

export interface WorkerTask {
  readonly id: number;
  readonly requests: readonly ForecastRequest[];
}

export type WorkerAnswer =
  | { readonly id: number; readonly answers: ForecastAnswer[] }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string; readonly field?: string } };
