import { dayLengthOf } from '../day-length';
import { extendSeries } from '../extend-series';
import { fillGaps } from '../fill-gaps';
import { checkPredictArguments, type FittedModel, type ForecastModel, type ModelState, type SeriesPrediction } from '../forecast-model';
import { checkSeries, type LoadSeries } from '../load-series';
import { checkState, sealState, trainingWindow } from '../model-state';
import { distributionOfPaths } from '../path-distribution';
import { shortHistoryRule } from '../rules/short-history-rule';
import { historyNotes, toSeriesPrediction } from '../series-prediction';
import { loadTensorBackend, type TensorLibrary } from '../tensor-backend';
import { continueLoad } from './continue-load';
import { WINDOW } from './load-window';
import { networkSeries, type NetworkSeries } from './training-windows';
import { trainLstm, type TrainedLstm } from './train-lstm';

const NAME = 'lstm';
const VERSION = '1';

interface LstmBody {
  readonly series: readonly LoadSeries[];
  /** Null where all histories together were too short. */
  readonly trained: TrainedLstm | null;
}

export interface LstmOptions {
  /** Batches of 128 windows that a training may take: its budget, whatever the data. */
  readonly batches: number;
}

/**
 * A recurrent network with a quantile head, trained across the series that it is fitted to: 96 steps back, 24 ahead at once, longer horizons from its own sample
 * paths. An update keeps what was learned; a network that could not be trained before is tried again.
 */
export function createLstmModel({ batches }: LstmOptions): ForecastModel {
  const seal = (tf: TensorLibrary, series: readonly LoadSeries[], before: TrainedLstm | null, seed: number): ModelState => {
    const body: LstmBody = { series, trained: before ?? trainLstm(tf, series.map(seriesForNetwork), batches, seed) };
    return sealState({ model: NAME, version: VERSION, seed, ...trainingWindow(series), body });
  };
  const fitted = (tf: TensorLibrary, state: ModelState): FittedModel => {
    const { series, trained } = state.body as LstmBody;
    return {
      state,
      predict(horizonSteps, levels) {
        checkPredictArguments(horizonSteps, levels);
        return series.map((one) => predictOne(tf, one, trained, state.seed, horizonSteps, levels));
      },
      update: async (more) => fitted(tf, seal(tf, extendSeries(series, more), trained, state.seed)),
    };
  };
  return {
    name: NAME,
    version: VERSION,
    async fit(series, { seed }) {
      checkSeries(series);
      const tf = await loadTensorBackend();
      return fitted(tf, seal(tf, series, null, seed));
    },
    async restore(state) {
      checkState(state, NAME, VERSION);
      return fitted(await loadTensorBackend(), state);
    },
  };
}

/** About ten seconds of training, however many series there are. */
export const lstmModel: ForecastModel = createLstmModel({ batches: 200 });

function seriesForNetwork(series: LoadSeries): NetworkSeries {
  return networkSeries(fillGaps(series.values, dayLengthOf(series)), series.startAtMs, series.stepMs);
}

function predictOne(tf: TensorLibrary, series: LoadSeries, trained: TrainedLstm | null, seed: number, horizon: number, levels: readonly number[]): SeriesPrediction {
  const bounds = series.bounds ?? {};
  const notes = historyNotes(series);
  const known = seriesForNetwork(series);
  const { values } = known.filled;
  const usable = trained !== null && values.length >= WINDOW && known.deviation > 0;
  if (!usable) notes.push('too short a history for the network, or load that does not move: the last value with the spread of its changes');
  const paths = usable ? continueLoad(tf, trained, known, horizon, bounds, seed) : shortHistoryRule.paths({ values, end: values.length, dayLength: dayLengthOf(series) }, horizon);
  return toSeriesPrediction(series, levels, distributionOfPaths(paths, horizon, levels, bounds), notes);
}
