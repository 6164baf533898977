/** What the load generator's process and its parent say to each other. */

export interface LoadOptions {
  readonly url: string;
  /** Requests per second over all connections. */
  readonly ratePerSecond: number;
  readonly connections: number;
  /** Appended to the URL. */
  readonly path?: string;
  /** The run stops by itself after this time, so that a forgotten one ends. */
  readonly maxDurationMs?: number;
}

export const DEFAULT_MAX_DURATION_MS = 600_000;

/** `ok`, the status of a non-2xx answer, or what went wrong. */
export type SampleOutcome = 'ok' | number | 'timeout' | 'connection-error' | 'connection-closed';

/** One finished request: when it ended (epoch ms), how long it took (ms), what came of it. */
export type LoadSample = readonly [endedAtMs: number, latencyMs: number, outcome: SampleOutcome];

export type LoadMessage =
  | { readonly kind: 'samples'; readonly samples: readonly LoadSample[] }
  | { readonly kind: 'done'; readonly started: number; readonly unfinished: number };
