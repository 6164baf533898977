import type { AnomalyEvent } from './find-anomaly-events';

/** What an anomalous row still weighs: not nothing, for a fit that sees only such rows has to have an answer. */
const LEAST_WEIGHT = 0.05;

/** The weight of each of `rows` rows in a fit, 0.05..1: less within events, by how anomalous they are. */
export function fitWeights(rows: number, events: readonly AnomalyEvent[]): Float64Array {
  const weights = new Float64Array(rows).fill(1);
  for (const { start, end, score } of events) weights.fill(Math.max(LEAST_WEIGHT, 1 - score), start, end);
  return weights;
}
