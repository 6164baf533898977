import { checkPredictArguments, type FittedModel, type ForecastModel, type ModelState } from '../forecast-model';
import { checkRows } from '../extend-series';
import { checkSeries, type LoadSeries } from '../load-series';
import { checkState, sealState, trainingWindow } from '../model-state';
import { createJudgedSeries, extendJudgedSeries, type JudgedSeries } from './judged-series';
import { predictByGate, type GateEffort, type GateSet } from './predict-by-gate';

const VERSION = '5';

/** A gate's name and how much work it does. */
export interface GateSetting extends GateEffort {
  readonly name: string;
}

interface GateBody {
  readonly series: readonly { readonly series: LoadSeries; readonly anchorAtMs: number }[];
}

/**
 * A forecaster that mixes empirical rules by weights which a small network, trained across many machines, gives them on top of how well each
 * forecast the recent past of the same series (a mixture of experts, Jacobs et al. 1991, with the backtest loss as prior). How well they did is kept
 * from forecast to forecast: `update` and `predict` at every step cost a fraction of the first forecast. It is no part of the state: a restored model judges
 * the same moments again, from the history that the state holds.
 */
export function createGateModel(gates: GateSet, { name, ...effort }: GateSetting): ForecastModel {
  const fitted = (all: readonly JudgedSeries[], seed: number): FittedModel => ({
    // Made when it is asked for: writing two weeks of history as text takes as long as a forecast.
    get state() {
      const body: GateBody = { series: all.map(({ series, anchorAtMs }) => ({ series, anchorAtMs })) };
      return sealState({ model: name, version: VERSION, seed, ...trainingWindow(all.map(({ series }) => series)), body });
    },
    predict(horizonSteps, levels) {
      checkPredictArguments(horizonSteps, levels);
      return all.map((one) => predictByGate(gates, effort, one, horizonSteps, levels));
    },
    async update(more) {
      checkRows(more, all.length);
      return fitted(all.map((one, i) => extendJudgedSeries(one, more[i] ?? [])), seed);
    },
  });
  return {
    name,
    version: VERSION,
    async fit(series, { seed }) {
      checkSeries(series);
      return fitted(series.map((one) => createJudgedSeries(one)), seed);
    },
    async restore(state: ModelState) {
      checkState(state, name, VERSION);
      const { series } = state.body as GateBody;
      return fitted(series.map((one) => createJudgedSeries(one.series, one.anchorAtMs)), state.seed);
    },
  };
}
