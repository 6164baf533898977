import { dayLengthOf } from '../day-length';
import { extendSeries } from '../extend-series';
import { fillGaps } from '../fill-gaps';
import { checkPredictArguments, type FittedModel, type ForecastModel, type ModelState, type SeriesPrediction } from '../forecast-model';
import { checkSeries, type LoadSeries } from '../load-series';
import { checkState, sealState, trainingWindow } from '../model-state';
import { distributionOfPaths, type PathDistribution } from '../path-distribution';
import { backtestLosses, backtestOrigins, LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import { shortHistoryRule } from '../rules/short-history-rule';
import { historyNotes, toSeriesPrediction } from '../series-prediction';
import { distinctShare, gateInput } from './gate-input';
import type { GateWeights } from './gate-network';
import { gateRules } from './gate-rules';
import { guardPeak } from './guard-peak';
import { mixByGate, snap, stretch } from './mix-by-gate';

const NAME = 'gate';
const VERSION = '2';
/** The mixture is sharper than what comes, the more so the further ahead: measured on machines that the gate was not trained on. */
const SPREAD = { short: { steps: 1, peak: 1.4 }, day: { steps: 1.3, peak: 1.3 } };
/** Load with fewer distinct values than this share is quantised: forecasts keep to values seen in the last week. */
const QUANTISED_SHARE = 0.15;

/** One gate for horizons up to two hours of 5-minute steps and one for longer ones. */
export interface GatePair {
  readonly short: GateWeights;
  readonly day: GateWeights;
}

/**
 * A forecaster that mixes empirical rules by weights which a small network, trained across many machines, gives them on top of how well each
 * forecast the recent past of the same series (a mixture of experts, Jacobs et al. 1991, with the backtest loss as prior).
 */
export function createGateModel(gates: GatePair): ForecastModel {
  const fitted = (state: ModelState): FittedModel => {
    const { series } = state.body as { series: readonly LoadSeries[] };
    return {
      state,
      predict(horizonSteps, levels) {
        checkPredictArguments(horizonSteps, levels);
        return series.map((one) => predictOne(gates, one, horizonSteps, levels));
      },
      update: async (more) => fit(extendSeries(series, more), { seed: state.seed }),
    };
  };
  const fit: ForecastModel['fit'] = async (series, { seed }) => {
    checkSeries(series);
    return fitted(sealState({ model: NAME, version: VERSION, seed, ...trainingWindow(series), body: { series } }));
  };
  return {
    name: NAME,
    version: VERSION,
    fit,
    async restore(state) {
      checkState(state, NAME, VERSION);
      return fitted(state);
    },
  };
}

function predictOne(gates: GatePair, series: LoadSeries, horizon: number, levels: readonly number[]): SeriesPrediction {
  const dayLength = dayLengthOf(series);
  const { values } = fillGaps(series.values, dayLength);
  const context = { values, end: values.length, dayLength };
  const bounds = series.bounds ?? {};
  const short = horizon <= LONGEST_SHORT_HORIZON;
  const rules = gateRules(horizon);
  const origins = backtestOrigins(context.end, horizon);
  const losses = backtestLosses(rules, context, horizon, origins, bounds);
  const parts = rules.map((rule, r): PathDistribution | null => {
    const paths = losses[r] === Infinity ? null : rule.paths(context, horizon);
    if (paths === null) losses[r] = Infinity;
    return paths === null ? null : distributionOfPaths(paths, horizon, levels, bounds, 1);
  });
  const notes = historyNotes(series);
  if (parts.every((part) => part === null)) {
    notes.push('too short a history for any rule: the last value with an assumed spread');
    return toSeriesPrediction(series, levels, distributionOfPaths(shortHistoryRule.paths(context, horizon), horizon, levels, bounds, 1), notes);
  }
  const mixture = mixByGate(short ? gates.short : gates.day, gateInput(context, losses), parts, levels);
  const finished = finish(mixture, levels, short ? SPREAD.short : SPREAD.day, values.subarray(-7 * dayLength));
  const peak = short ? finished.peak : guardPeak(finished.peak, levels, context, horizon);
  return toSeriesPrediction(series, levels, { ...finished, peak }, notes);
}

/** Widened to what was measured, and held to the values that quantised load can take. */
function finish({ quantiles, mean, peak }: PathDistribution, levels: readonly number[], spread: { readonly steps: number; readonly peak: number }, week: Float64Array): PathDistribution {
  const seen = distinctShare(week) < QUANTISED_SHARE ? Float64Array.from(new Set(week)).sort() : null;
  const shape = (row: Float64Array, by: number) => {
    const wide = stretch(row, levels, by);
    return seen === null ? wide : wide.map((value) => snap(value, seen));
  };
  return { quantiles: quantiles.map((row) => shape(row, spread.steps)), mean, peak: shape(peak, spread.peak) };
}
