import type { ForecastRequest } from './forecast-request';
import { learnsAcrossSeries } from './model-names';

/** One message's worth of requests: large enough to batch the fit, small enough to spread over threads and to copy. */
const CHUNK = 64;

/** Requests that go to a thread in one message. */
export interface Share {
  readonly requests: readonly ForecastRequest[];
  /** Their places in the call. */
  readonly places: readonly number[];
  /** The thread (from 0) that must answer them; null for any. */
  readonly home: number | null;
}

/**
 * Shares requests out over threads: in equal parts for any of them, or, where threads keep models, by the series' names, so that a series meets its model again.
 * Requests of a model that learns across series stay together.
 */
export function shareOut(requests: readonly ForecastRequest[], threads: number, keep: boolean): Share[] {
  const all = requests.map((_, i) => i);
  const together = requests.some(({ model }) => learnsAcrossSeries(model));
  if (together) return chunked(requests, all, Math.max(1, all.length), null);
  if (!keep) return chunked(requests, all, Math.max(1, Math.min(CHUNK, Math.ceil(all.length / threads))), null);
  const homes = Array.from({ length: threads }, (): number[] => []);
  requests.forEach(({ series }, i) => homes[hash(series.id) % threads]?.push(i));
  return homes.flatMap((places, home) => chunked(requests, places, CHUNK, home));
}

function chunked(requests: readonly ForecastRequest[], places: readonly number[], size: number, home: number | null): Share[] {
  const shares: Share[] = [];
  for (let at = 0; at < places.length; at += size) {
    const part = places.slice(at, at + size);
    shares.push({ requests: part.map((i) => requests[i] as ForecastRequest), places: part, home });
  }
  return shares;
}

/** FNV-1a over UTF-16 units. */
function hash(name: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) sum = Math.imul(sum ^ name.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
