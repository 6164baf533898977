import { dayLengthOf } from '../day-length';
import { extendSeries } from '../extend-series';
import { fillGaps } from '../fill-gaps';
import { checkPredictArguments, type FittedModel, type ForecastModel, type ModelState, type SeriesPrediction } from '../forecast-model';
import { checkSeries, type LoadSeries } from '../load-series';
import { checkState, sealState, trainingWindow } from '../model-state';
import { distributionOfPaths } from '../path-distribution';
import { shortHistoryRule } from '../rules/short-history-rule';
import { historyNotes, toSeriesPrediction } from '../series-prediction';
import type { ArimaFit } from './fit-arima';
import { forecastArima } from './forecast-arima';
import { recentLoads, WINDOW } from './recent-loads';
import { selectArima } from './select-order';

const NAME = 'arima';
const VERSION = '1';

interface ArimaBody {
  readonly series: readonly LoadSeries[];
  /** Null where the recent past bears no process. */
  readonly fits: readonly (ArimaFit | null)[];
}

/**
 * ARIMA without seasons, of an order chosen for each series (Hyndman and Khandakar 2008). Only the last 576 steps count: order and coefficients change with
 * the state of a machine. An update keeps them and goes on from the later values; series that bore no process before are tried again.
 *
 * Not on tfjs: the recursions are a few numbers wide and thousands of steps long, each waiting for the one before.
 */
export const arimaModel: ForecastModel = {
  name: NAME,
  version: VERSION,
  async fit(series, { seed }) {
    checkSeries(series);
    return fitted(seal(series, series.map(fitOne), seed));
  },
  async restore(state) {
    checkState(state, NAME, VERSION);
    return fitted(state);
  },
};

function seal(series: readonly LoadSeries[], fits: readonly (ArimaFit | null)[], seed: number): ModelState {
  const body: ArimaBody = { series, fits };
  return sealState({ model: NAME, version: VERSION, seed, ...trainingWindow(series), body });
}

function fitted(state: ModelState): FittedModel {
  const { series, fits } = state.body as ArimaBody;
  return {
    state,
    predict(horizonSteps, levels) {
      checkPredictArguments(horizonSteps, levels);
      return series.map((one, i) => predictOne(one, fits[i] ?? null, state.seed, horizonSteps, levels));
    },
    async update(more) {
      const extended = extendSeries(series, more);
      return fitted(seal(extended, extended.map((one, i) => fits[i] ?? fitOne(one)), state.seed));
    },
  };
}

function fitOne(series: LoadSeries): ArimaFit | null {
  const loads = recentLoads(series.values);
  return loads === null ? null : selectArima(loads);
}

function predictOne(series: LoadSeries, fit: ArimaFit | null, seed: number, horizon: number, levels: readonly number[]): SeriesPrediction {
  const bounds = series.bounds ?? {};
  const notes = historyNotes(series);
  const loads = recentLoads(series.values);
  if (fit !== null && loads !== null) return toSeriesPrediction(series, levels, forecastArima(fit, loads, horizon, levels, bounds, seed), notes);
  const dayLength = dayLengthOf(series);
  const values = fillGaps(series.values, dayLength).values.subarray(-WINDOW);
  const paths = shortHistoryRule.paths({ values, end: values.length, dayLength }, horizon);
  notes.push('too little recent load, or none that moves, for an ARIMA process: the last value with the spread of its changes');
  return toSeriesPrediction(series, levels, distributionOfPaths(paths, horizon, levels, bounds), notes);
}
