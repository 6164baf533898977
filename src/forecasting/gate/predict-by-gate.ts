import type { SeriesPrediction } from '../forecast-model';
import { distributionOfPaths, type PathDistribution } from '../path-distribution';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import { predictPeak } from '../peak/predict-peak';
import type { PeakWeights } from '../peak/peak-network';
import type { PathRule, RuleContext } from '../rules/path-rule';
import { shortHistoryRule } from '../rules/short-history-rule';
import type { SeriesBounds } from '../load-series';
import { historyNotes, toSeriesPrediction } from '../series-prediction';
import { gateInput } from './gate-input';
import type { GateWeights } from './gate-network';
import { gateRules } from './gate-rules';
import { guardPeak } from './guard-peak';
import { recentLosses, type JudgedSeries } from './judged-series';
import { createStretch, mixByGate, snap, weighByGate } from './mix-by-gate';
import type { RuleLosses } from './rule-losses';

/** The mixture is sharper than what comes, the more so the further ahead: measured on machines that the gate was not trained on. */
const SPREAD = { short: { steps: 1, peak: 1.4 }, day: { steps: 1.3, peak: 1.3 } };
/** Load with fewer distinct values than this share is quantised: forecasts keep to values seen in the last week. */
const QUANTISED_SHARE = 0.15;

/** One gate for horizons up to two hours of 5-minute steps, one for longer ones, and one for the highest value over whole days. */
export interface GateSet {
  readonly short: GateWeights;
  readonly day: GateWeights;
  readonly peak: PeakWeights;
}

/** Forecasts a series by the rules that its gate gives at least the `smallest` weight. */
export function predictByGate(gates: GateSet, smallest: number, judged: JudgedSeries, horizon: number, levels: readonly number[]): SeriesPrediction {
  const { series, filled, dayLength } = judged;
  const context = { values: filled, end: filled.length, dayLength };
  const short = horizon <= LONGEST_SHORT_HORIZON;
  const notes = historyNotes(series);
  const mixture = mixRules(short ? gates.short : gates.day, gateRules(horizon), context, recentLosses(judged, horizon), { horizon, levels, smallest, bounds: series.bounds ?? {} });
  if (mixture === null) {
    notes.push('too short a history for any rule: the last value with an assumed spread');
    return toSeriesPrediction(series, levels, distributionOfPaths(shortHistoryRule.paths(context, horizon), horizon, levels, series.bounds ?? {}, 1), notes);
  }
  const finished = finish(mixture, levels, short ? SPREAD.short : SPREAD.day, valuesOfQuantised(filled.subarray(-7 * dayLength)));
  if (short) return toSeriesPrediction(series, levels, finished, notes);
  const ofMaxima = predictPeak(gates.peak, context, horizon, levels);
  const peak = ofMaxima === null ? guardPeak(finished.peak, levels, context, horizon) : atLeastSteps(ofMaxima, finished.quantiles);
  return toSeriesPrediction(series, levels, { ...finished, peak }, notes);
}

/** The highest value passes a limit at least as often as any single step does. */
function atLeastSteps(peak: Float64Array, quantiles: readonly Float64Array[]): Float64Array {
  return peak.map((value, l) => quantiles.reduce((highest, row) => Math.max(highest, row[l] as number), value));
}

/** Null where no rule can forecast. A rule that turns out not to is taken out, and the gate asked again. */
function mixRules(
  gate: GateWeights,
  rules: readonly PathRule[],
  context: RuleContext,
  losses: RuleLosses,
  { horizon, levels, smallest, bounds }: { readonly horizon: number; readonly levels: readonly number[]; readonly smallest: number; readonly bounds: SeriesBounds },
): PathDistribution | null {
  for (;;) {
    const weighing = weighByGate(gate, gateInput(context, losses), horizon, smallest);
    if (weighing.rules.length === 0) return null;
    const parts = weighing.rules.map((r) => {
      const paths = (rules[r] as PathRule).paths(context, horizon);
      return paths === null ? null : distributionOfPaths(paths, horizon, levels, bounds, 1);
    });
    const usable = parts.filter((part) => part !== null);
    if (usable.length === parts.length) return mixByGate(weighing, usable, levels);
    parts.forEach((part, k) => part === null && (losses.overall[weighing.rules[k] as number] = Infinity));
  }
}

/** The values, rising, that a load was seen to take, where they are few; null for a load that takes any. */
function valuesOfQuantised(week: Float64Array): Float64Array | null {
  const seen = new Set<number>();
  const most = QUANTISED_SHARE * week.length;
  for (let i = 0; i < week.length; i++) {
    seen.add(week[i] as number);
    if (seen.size >= most) return null;
  }
  return Float64Array.from(seen).sort();
}

/** Widened to what was measured, and held to the values that quantised load can take. */
function finish({ quantiles, mean, peak }: PathDistribution, levels: readonly number[], spread: { readonly steps: number; readonly peak: number }, seen: Float64Array | null): PathDistribution {
  const held = (row: Float64Array) => (seen === null ? row : row.map((value) => snap(value, seen)));
  const stretchSteps = createStretch(levels, spread.steps);
  return { quantiles: quantiles.map((row) => held(stretchSteps(row))), mean, peak: held(createStretch(levels, spread.peak)(peak)) };
}
