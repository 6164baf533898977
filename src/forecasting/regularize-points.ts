import { InvalidSeriesError } from './invalid-series-error';
import { checkValue, type LoadSeries, type SeriesBounds } from './load-series';

export interface LoadPoint {
  readonly atMs: number;
  readonly value: number | null;
}

export interface RegularizeOptions {
  readonly id: string;
  /** Grid step in ms; left out, the median distance of the points. */
  readonly stepMs?: number;
  readonly bounds?: SeriesBounds;
}

/** A grid beyond this many steps is a wrong timestamp or step, not a history: ten years of minutes. */
const LONGEST_GRID = 5_256_000;

/**
 * Puts points in any order, with duplicates, gaps and jitter onto a regular grid that ends at the latest point. Points that fall into
 * the same step are averaged; a step without points becomes a gap.
 *
 * @throws InvalidSeriesError naming the field: no points, a time or a value that is no finite number, a grid of absurd length.
 */
export function regularizePoints(points: readonly LoadPoint[], options: RegularizeOptions): LoadSeries {
  if (points.length === 0) throw new InvalidSeriesError('points', 'there is no point');
  points.forEach((point, i) => {
    if (typeof point.atMs !== 'number' || !Number.isFinite(point.atMs)) {
      throw new InvalidSeriesError(`points[${i}].atMs`, `expected a time in ms, got ${String(point.atMs)}`);
    }
    checkValue(point.value, `points[${i}].value`);
  });
  const times = points.map((point) => point.atMs).sort((a, b) => a - b);
  const first = times[0] as number;
  const last = times[times.length - 1] as number;
  const stepMs = options.stepMs ?? medianDistance(times);
  if (!Number.isFinite(stepMs) || stepMs <= 0) throw new InvalidSeriesError('stepMs', `expected a positive number of ms, got ${stepMs}`);
  const steps = Math.round((last - first) / stepMs);
  if (steps >= LONGEST_GRID) throw new InvalidSeriesError('points', `times from ${first} to ${last} ms make ${steps} steps of ${stepMs} ms`);
  const startAtMs = last - steps * stepMs;
  const sums = new Float64Array(steps + 1);
  const counts = new Uint32Array(steps + 1);
  for (const { atMs, value } of points) {
    if (value === null) continue;
    const i = Math.max(0, Math.round((atMs - startAtMs) / stepMs));
    sums[i] = (sums[i] as number) + value;
    counts[i] = (counts[i] as number) + 1;
  }
  const values = Array.from(sums, (sum, i) => (counts[i] === 0 ? null : sum / (counts[i] as number)));
  return { id: options.id, startAtMs, stepMs, values, ...(options.bounds === undefined ? {} : { bounds: options.bounds }) };
}

/** The usual distance of sorted times; five minutes where there is none. */
function medianDistance(times: readonly number[]): number {
  const distances: number[] = [];
  for (let i = 1; i < times.length; i++) {
    const distance = (times[i] as number) - (times[i - 1] as number);
    if (distance > 0) distances.push(distance);
  }
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? 300_000;
}
