import type { LoadRun, LoadStats } from '../load/load-generator';
import { startLoad } from '../load/load-generator';

/** Each service gets half. */
export const REQUESTS_PER_SECOND = 360;

/** Clients that keep asking both services. */
export function startLoads(url: string): LoadRun[] {
  return ['/items', '/api/items'].map((path) => startLoad({ url, path, ratePerSecond: REQUESTS_PER_SECOND / 2, connections: 16, maxDurationMs: 400_000 }));
}

/** The worse of the two services' percentiles: their samples stay in their own runs. */
export function combined(loads: readonly LoadRun[], fromMs: number, toMs: number): LoadStats {
  const stats = loads.map((load) => load.stats(fromMs, toMs));
  return {
    sent: stats.reduce((sum, one) => sum + one.sent, 0),
    failed: stats.reduce((sum, one) => sum + one.failed, 0),
    p50Ms: Math.max(...stats.map((one) => one.p50Ms)),
    p99Ms: Math.max(...stats.map((one) => one.p99Ms)),
    maxMs: Math.max(...stats.map((one) => one.maxMs)),
    firstFailures: stats.flatMap((one) => one.firstFailures),
  };
}
