import { distinctValues } from '../distinct-values';
import type { SeriesPrediction } from '../forecast-model';
import { distributionOfPaths, type PathDistribution, type PathReading } from '../path-distribution';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import { predictPeak } from '../peak/predict-peak';
import type { PeakWeights } from '../peak/peak-network';
import type { PathRule, RuleContext } from '../rules/path-rule';
import { shortHistoryRule } from '../rules/short-history-rule';
import type { SeriesBounds } from '../load-series';
import { historyNotes, toSeriesPrediction } from '../series-prediction';
import { snap, stretchRows } from './finish-mixture';
import { gateInput } from './gate-input';
import type { GateWeights } from './gate-network';
import { gateRules, lightenRules, type RuleEffort } from './gate-rules';
import { guardPeak } from './guard-peak';
import { recentLosses, type JudgedSeries } from './judged-series';
import { mixByGate, weighByGate, type WeighingEffort } from './mix-by-gate';
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

/** How much work a gate does. */
export type GateEffort = WeighingEffort & RuleEffort;

/** Forecasts a series by the rules that its gate gives at least the smallest weight. */
export function predictByGate(gates: GateSet, effort: GateEffort, judged: JudgedSeries, horizon: number, levels: readonly number[]): SeriesPrediction {
  const { series, filled, dayLength } = judged;
  const context = { values: filled, end: filled.length, dayLength };
  const bounds = series.bounds ?? {};
  const short = horizon <= LONGEST_SHORT_HORIZON;
  const notes = historyNotes(series);
  const ofMaxima = short ? null : predictPeak(gates.peak, context, horizon, levels);
  const wanted = { horizon, levels, bounds, effort, reading: { peak: ofMaxima === null } };
  const rules = lightenRules(gateRules(horizon), effort);
  const mixture = mixRules(short ? gates.short : gates.day, rules, context, recentLosses(judged, rules, horizon), wanted);
  if (mixture === null) {
    notes.push('too short a history for any rule: the last value with an assumed spread');
    return toSeriesPrediction(series, levels, distributionOfPaths(shortHistoryRule.paths(context, horizon), horizon, levels, bounds), notes);
  }
  const spread = short ? SPREAD.short : SPREAD.day;
  const seen = valuesOfQuantised(filled.subarray(-7 * dayLength));
  const held = (rows: Float64Array) => (seen === null ? rows : rows.map((value) => snap(value, seen)));
  const quantiles = held(stretchRows(mixture.quantiles, levels, spread.steps));
  const mixedPeak = () => held(stretchRows(mixture.peak, levels, spread.peak));
  const peak = ofMaxima !== null ? atLeastSteps(ofMaxima, quantiles) : short ? mixedPeak() : guardPeak(mixedPeak(), levels, context, horizon);
  return toSeriesPrediction(series, levels, { quantiles, mean: mixture.mean, peak }, notes);
}

/** The highest value passes a limit at least as often as any single step does. */
function atLeastSteps(peak: Float64Array, quantiles: Float64Array): Float64Array {
  const width = peak.length;
  for (let at = 0; at < quantiles.length; at += width) for (let l = 0; l < width; l++) peak[l] = Math.max(peak[l] as number, quantiles[at + l] as number);
  return peak;
}

interface MixtureWanted {
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly bounds: SeriesBounds;
  readonly effort: GateEffort;
  readonly reading: PathReading;
}

/** Null where no rule can forecast. A rule that turns out not to is taken out, and the gate asked again. */
function mixRules(gate: GateWeights, rules: readonly PathRule[], context: RuleContext, losses: RuleLosses, { horizon, levels, bounds, effort, reading }: MixtureWanted): PathDistribution | null {
  for (;;) {
    const weighing = weighByGate(gate, gateInput(context, losses), horizon, effort);
    if (weighing.rules.length === 0) return null;
    const parts = weighing.rules.map((r) => {
      const paths = (rules[r] as PathRule).paths(context, horizon);
      return paths === null ? null : distributionOfPaths(paths, horizon, levels, bounds, reading);
    });
    const usable = parts.filter((part) => part !== null);
    if (usable.length === parts.length) return mixByGate(weighing, usable, levels);
    parts.forEach((part, k) => part === null && (losses.overall[weighing.rules[k] as number] = Infinity));
  }
}

/** The values, rising, that a load was seen to take, where they are few; null for a load that takes any. */
function valuesOfQuantised(week: Float64Array): Float64Array | null {
  const most = QUANTISED_SHARE * week.length;
  const seen = distinctValues(week, Math.ceil(most));
  return seen.length >= most ? null : seen.sort();
}
