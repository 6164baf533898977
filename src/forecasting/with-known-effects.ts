import { fitBatches } from './additive/fit-batches';
import { effectOfInputs, type InputEffect } from './additive/fit-inputs';
import { extendSeries } from './extend-series';
import type { FittedModel, ForecastModel, ModelState, SeriesPrediction } from './forecast-model';
import { inputColumns } from './inputs/input-columns';
import { inputNotes } from './inputs/input-notes';
import { checkSeries, type LoadSeries, type SeriesBounds } from './load-series';
import { checkState, sealState, trainingWindow } from './model-state';
import { highest } from './path-distribution';

const VERSION = '1';

interface KnownEffectsBody {
  /** The model of the loads without the effects. */
  readonly inner: ModelState;
  readonly series: readonly LoadSeries[];
  /** For each series what its inputs do; empty where it has none, or they tell nothing. */
  readonly effects: readonly (readonly InputEffect[])[];
}

/**
 * Lets any model use events and regressors: what the additive model finds of their effects is taken out of the history, the model forecasts the rest, and the
 * effects of the coming steps are added to it (regression with its errors left to another model, as Harvey and Phillips 1979 do with ARIMA). A load without
 * inputs, or with such as tell nothing, is forecast as if this were not here.
 */
export function withKnownEffects(model: ForecastModel): ForecastModel {
  const name = `${model.name}+known-effects`;
  const version = `${model.version}+${VERSION}`;
  const wrapped: ForecastModel = {
    name: model.name,
    version: model.version,
    async fit(series, options) {
      if (series.every(hasNoInputs)) return model.fit(series, options);
      checkSeries(series);
      const effects = await effectsOf(series);
      const inner = await model.fit(series.map((one, i) => withoutEffects(one, effects[i] ?? [])), options);
      const body: KnownEffectsBody = { inner: inner.state, series, effects };
      return fitted(sealState({ model: name, version, seed: options.seed, ...trainingWindow(series), body }), inner);
    },
    async restore(state) {
      if (state.model === model.name) return model.restore(state);
      checkState(state, name, version);
      return fitted(state, await model.restore((state.body as KnownEffectsBody).inner));
    },
  };
  const fitted = (state: ModelState, inner: FittedModel): FittedModel => {
    const { series, effects } = state.body as KnownEffectsBody;
    return {
      state,
      predict: (horizonSteps, levels) => inner.predict(horizonSteps, levels).map((prediction, i) => addEffects(prediction, series[i] as LoadSeries, effects[i] ?? [])),
      update: async (more) => wrapped.fit(extendSeries(series, more), { seed: state.seed }),
    };
  };
  return wrapped;
}

export function hasNoInputs({ events = [], regressors = [] }: LoadSeries): boolean {
  return events.length === 0 && regressors.length === 0;
}

/** Only those of the effects that are any: none at all leaves a series as it is. */
async function effectsOf(series: readonly LoadSeries[]): Promise<InputEffect[][]> {
  const fits = await fitBatches(series, series.map((one) => (hasNoInputs(one) ? 0 : one.values.length)));
  return fits.map((fit) => {
    const effects = fit?.inputEffects ?? [];
    return effects.some(({ perUnit }) => perUnit !== 0) ? [...effects] : [];
  });
}

/** The history without the effects. It may leave the bounds by them, so that they are kept only after the effects are added again. */
function withoutEffects(series: LoadSeries, effects: readonly InputEffect[]): LoadSeries {
  const { id, startAtMs, stepMs, values, bounds } = series;
  if (effects.length === 0) return { id, startAtMs, stepMs, values, ...(bounds === undefined ? {} : { bounds }) };
  const effect = effectOfInputs(effects, inputColumns(series), 0, values.length);
  return { id, startAtMs, stepMs, values: values.map((value, i) => (value === null ? null : value - (effect[i] as number))) };
}

function addEffects(prediction: SeriesPrediction, series: LoadSeries, effects: readonly InputEffect[]): SeriesPrediction {
  const notes = [...prediction.notes, ...inputNotes(series)];
  if (effects.length === 0) return { ...prediction, notes };
  const { bounds = {}, values } = series;
  const horizon = prediction.mean.length;
  const effect = effectOfInputs(effects, inputColumns(series), values.length, values.length + horizon);
  const held = (value: number) => hold(value, bounds);
  const quantiles = prediction.quantiles.map((row, h) => row.map((value) => held(value + (effect[h] as number))));
  return {
    ...prediction,
    quantiles,
    mean: prediction.mean.map((value, h) => held(value + (effect[h] as number))),
    peakQuantiles: peakWithEffects(prediction, effect).map(held),
    notes: [...notes, `known effects were taken into account: ${effects.filter(({ perUnit }) => perUnit !== 0).map((one) => one.name).join(', ')}`],
  };
}

/**
 * The peak of a sum is not told by quantiles alone. It is taken for the highest step's quantile, plus what the model gave its own peak above its own highest
 * step: exact where the effect is the same at all steps, and on the safe side where a short event stands alone.
 */
function peakWithEffects({ quantiles, peakQuantiles }: SeriesPrediction, effect: Float64Array): number[] {
  const peaks = peakQuantiles.map((peak, l) => {
    const own = highest(quantiles.map((row) => row[l] as number));
    const moved = highest(quantiles.map((row, h) => (row[l] as number) + (effect[h] as number)));
    return moved + (peak - own);
  });
  // One step's premium may be smaller at a higher level.
  return peaks.map((_, l) => highest(peaks.slice(0, l + 1)));
}

function hold(value: number, { lower = -Infinity, upper = Infinity }: SeriesBounds): number {
  return Math.min(upper, Math.max(lower, value));
}
