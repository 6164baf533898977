import type { ForecastAnswer, ForecastRequest } from './forecast-request';

export interface WorkerTask {
  readonly id: number;
  readonly requests: readonly ForecastRequest[];
}

export type WorkerAnswer =
  | { readonly id: number; readonly answers: ForecastAnswer[] }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string; readonly field?: string } };
