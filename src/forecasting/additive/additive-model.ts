import { DEFAULT_SETTINGS, type ModelSettings } from '../../domain/model-choice';
import { dayLengthOf } from '../day-length';
import { extendSeries } from '../extend-series';
import { fillGaps } from '../fill-gaps';
import { checkPredictArguments, type FittedModel, type ForecastModel, type ModelState } from '../forecast-model';
import { inputColumns } from '../inputs/input-columns';
import { inputNotes } from '../inputs/input-notes';
import { spreadFor, type IntervalSpread } from '../interval-spread';
import { checkSeries, type LoadSeries } from '../load-series';
import { checkState, sealState, trainingWindow } from '../model-state';
import { distributionOfPaths, widenPaths } from '../path-distribution';
import { shortHistoryRule } from '../rules/short-history-rule';
import { historyNotes, toSeriesPrediction } from '../series-prediction';
import { createAdditiveRule } from './create-additive-rule';
import type { AdditiveFit } from './fit-additive';
import { SHORTEST_ADDITIVE_HISTORY, fitBatches } from './fit-batches';

const NAME = 'additive';
const VERSION = '3';
const SPREAD: IntervalSpread = { nextStep: 1.1, oneDay: 1.45 };

interface AdditiveBody {
  readonly series: readonly LoadSeries[];
  readonly fits: readonly (AdditiveFit | null)[];
  readonly settings: ModelSettings;
}

/**
 * The additive model by itself (after Prophet, Taylor and Letham 2018): piecewise linear trend with sparse changes, daily and weekly seasons, and,
 * unlike Prophet, an autoregression of the rest so that the forecast continues from the last value. Intervals are the model's own past errors.
 */
export const additiveModel: ForecastModel = {
  name: NAME,
  version: VERSION,
  async fit(series, { seed, settings = DEFAULT_SETTINGS }) {
    checkSeries(series);
    const fits = await fitBatches(series, series.map((one) => one.values.length), settings);
    const body: AdditiveBody = { series, fits, settings };
    return fitted(sealState({ model: NAME, version: VERSION, seed, ...trainingWindow(series), body }));
  },
  async restore(state) {
    checkState(state, NAME, VERSION);
    return fitted(state);
  },
};

function fitted(state: ModelState): FittedModel {
  const { series, fits, settings } = state.body as AdditiveBody;
  return {
    state,
    predict(horizonSteps, levels) {
      checkPredictArguments(horizonSteps, levels);
      return series.map((one, i) => {
        const filled = fillGaps(one.values, dayLengthOf(one));
        const fit = fits[i] ?? null;
        const rule = fit === null ? shortHistoryRule : createAdditiveRule(fit, filled, inputColumns(one), state.seed);
        const context = { values: filled.values, end: filled.values.length, dayLength: dayLengthOf(one) };
        const spread = fit === null ? 1 : spreadFor(SPREAD, horizonSteps, context.dayLength);
        const paths = rule.paths(context, horizonSteps);
        const notes = [...historyNotes(one), ...inputNotes(one)];
        if (fit === null) notes.push(`fewer than ${SHORTEST_ADDITIVE_HISTORY} steps of history: the last value with an assumed spread`);
        return toSeriesPrediction(one, levels, distributionOfPaths(widenPaths(paths, spread), horizonSteps, levels, one.bounds ?? {}), notes);
      });
    },
    update: async (more) => additiveModel.fit(extendSeries(series, more), { seed: state.seed, settings }),
  };
}
