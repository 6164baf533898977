import { createAnomalyDetector } from './anomaly-detector';

/**
 * The anomaly score of each value, 0..1, from it and earlier ones alone. Null is a gap: it scores 0.
 * @throws InvalidSeriesError for a value that is no finite number within ±1e18.
 */
export function scoreValues(values: readonly (number | null)[]): Float64Array {
  const detector = createAnomalyDetector();
  return Float64Array.from(values, (value) => detector.observe(value));
}
