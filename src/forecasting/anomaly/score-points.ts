import type { LoadPoint } from '../regularize-points';
import { createAnomalyDetector } from './anomaly-detector';

/**
 * The anomaly score of each point, 0..1, from it and earlier ones alone. A value of null is a gap: it scores 0.
 * @throws InvalidSeriesError for a value that is no finite number within ±1e18, and for a time that is none.
 */
export function scorePoints(points: readonly LoadPoint[]): Float64Array {
  const detector = createAnomalyDetector();
  return Float64Array.from(points, (point) => detector.observe(point));
}
