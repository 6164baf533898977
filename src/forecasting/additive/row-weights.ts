import { findAnomalyEvents } from '../anomaly/find-anomaly-events';
import { fitWeights } from '../anomaly/fit-weights';
import { scorePoints } from '../anomaly/score-points';
import type { LoadSeries } from '../load-series';

/**
 * The weight of each of a series' first `length` steps in a fit, 0..1: 0 for gaps, little for what was anomalous, since an accident is no pattern. What happened in
 * the windows of known events is explained by them and counts in full.
 */
export function rowWeights({ values, startAtMs, stepMs, events = [] }: LoadSeries, length: number): Float64Array {
  const seen = values.slice(0, length);
  const scores = scorePoints(seen.map((value, i) => ({ atMs: startAtMs + i * stepMs, value })));
  const weights = fitWeights(length, findAnomalyEvents(seen, scores));
  for (const { startAtMs: from, endAtMs: to } of events) weights.fill(1, Math.max(0, Math.floor((from - startAtMs) / stepMs)), Math.max(0, Math.ceil((to - startAtMs) / stepMs)));
  seen.forEach((value, i) => value === null && (weights[i] = 0));
  return weights;
}
