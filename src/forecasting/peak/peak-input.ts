import { STANDARD_LEVELS } from '../forecast-model';
import { historyUntil, latestPeak, type PeakHistory } from './peak-history';
import { PEAK_FEATURES, peakFeatures } from './peak-features';
import type { PeakInput } from './peak-network';
import { askPeakRules, PEAK_RULE_NAMES } from './peak-rules';

/** The standard levels that tell about each anchor level: first and end. */
const LEVELS_OF_ANCHOR: readonly (readonly [number, number])[] = [[0, 3], [3, 8], [8, 11], [11, 16], [16, 19]];
const WORST_LOG_LOSS = 6;
/** Rules that cannot tell count as this many times worse than the best. */
const UNUSABLE_TIMES = 20;

export const PEAK_INPUTS = PEAK_FEATURES + 2 * PEAK_RULE_NAMES.length;

/** A history as the gate sees it, and how its numbers become the load's: `from + scale * number`. */
export interface ScaledPeakInput extends PeakInput {
  readonly from: number;
  readonly scale: number;
}

/** Null where the load never changed. The rules are judged at one moment, a horizon ago: more of them gained nothing. */
export function peakInput(history: PeakHistory): ScaledPeakInput | null {
  const features = peakFeatures(history);
  if (features === null) return null;
  const { scale, inputs } = features;
  const from = latestPeak(history);
  const rows = askPeakRules(history, STANDARD_LEVELS).map((row) => row?.map((value) => (value - from) / scale) ?? null);
  const logLosses = recentLogLosses(history, scale);
  const rules = rows.length;
  const all = new Float64Array(PEAK_INPUTS);
  all.set(inputs);
  rows.forEach((row, r) => {
    all[inputs.length + r] = logLosses.reduce((sum, ofAnchor) => sum + (ofAnchor[r] as number), 0) / logLosses.length / 2;
    all[inputs.length + rules + r] = row === null ? 0 : Math.asinh(row[row.length - 1] as number) / 2;
  });
  return { inputs: all, logLosses, rows, from, scale };
}

/** `[anchor][rule]`: how much worse each rule told the last horizon's highest value than the best rule did; 0 where there is too little before it. */
function recentLogLosses(history: PeakHistory, scale: number): Float64Array[] {
  const { end, horizon, oldest } = history;
  const origin = end - horizon;
  if (origin < Math.max(2 * horizon + 24, oldest + (end - oldest) / 4)) return LEVELS_OF_ANCHOR.map(() => new Float64Array(PEAK_RULE_NAMES.length));
  const rows = askPeakRules(historyUntil(history, origin), STANDARD_LEVELS);
  const truth = latestPeak(history);
  return LEVELS_OF_ANCHOR.map(([first, end]) => {
    const losses = rows.map((row) => (row === null ? Infinity : pinball(row, truth, first, end) / scale));
    const best = Math.min(...losses);
    if (best === Infinity) return new Float64Array(rows.length);
    return Float64Array.from(losses, (loss) => Math.min(WORST_LOG_LOSS, Math.log(((loss === Infinity ? UNUSABLE_TIMES * best : loss) + 0.01) / (best + 0.01))));
  });
}

function pinball(row: Float64Array, truth: number, first: number, end: number): number {
  let sum = 0;
  for (let l = first; l < end; l++) {
    const level = STANDARD_LEVELS[l] as number;
    const error = truth - (row[l] as number);
    sum += error >= 0 ? level * error : (level - 1) * error;
  }
  return sum / (end - first);
}
