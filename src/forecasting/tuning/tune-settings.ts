import { DEFAULT_SETTINGS, type ModelChoice, type ModelSettings } from '../../domain/model-choice';
import { runBacktest, type BacktestOptions } from '../backtest/run-backtest';
import { summarizeBacktest } from '../backtest/summarize-backtest';
import type { ForecastEngine } from '../forecast-engine';
import type { LoadSeries } from '../load-series';
import { bestTrial, searchByParzen, type Dimension } from './tree-parzen';

const dimension = (name: keyof ModelSettings, low: number, high: number): Dimension => ({ name, low, high, logarithmic: true });

const SPREAD = dimension('spread', 0.6, 1.8);
const PRIORS = [dimension('changepointScale', 0.005, 0.5), dimension('seasonScale', 0.1, 10)];

/** What is worth searching of each model; of one that is not named here, the spread. The peak's spread is left alone: no loss of steps tells of it. */
const SPACES: Readonly<Record<string, readonly Dimension[]>> = { blended: [SPREAD, dimension('sharpness', 2, 20), ...PRIORS], additive: [SPREAD, ...PRIORS] };

export interface TuneOptions extends BacktestOptions {
  readonly model: string;
  readonly trials: number;
}

export interface TunedSettings {
  readonly choice: ModelChoice;
  /** Geometric mean of the quantile loss over the naive one, in the backtests of the search: too good by as much as was chosen among. */
  readonly relativeLoss: number;
  /** The same of the default settings, which are always tried. */
  readonly defaultLoss: number;
  readonly trials: readonly { readonly settings: ModelSettings; readonly relativeLoss: number }[];
}

/**
 * Searches the settings with which a model forecasts these series best, by rolling-origin backtests and a seeded Parzen search.
 *
 * @param onTrial called after each trial with its number, from 1, and the lowest loss so far
 * @throws RangeError where no series is long enough for a single scored forecast
 */
export async function tuneSettings(
  engine: Pick<ForecastEngine, 'forecast'>,
  series: readonly LoadSeries[],
  options: TuneOptions,
  onTrial: (trial: number, lowest: number) => void = () => undefined,
): Promise<TunedSettings> {
  let lowest = Infinity;
  let count = 0;
  const lossOf = async (settings: ModelSettings): Promise<number> => {
    const rows = await runBacktest(engine, series, [{ model: options.model, settings }], options);
    const relativeLoss = summarizeBacktest(rows, 1)[0]?.relativeLoss ?? NaN;
    if (relativeLoss < lowest) lowest = relativeLoss;
    onTrial(++count, lowest);
    return relativeLoss;
  };
  const trials = await searchByParzen(SPACES[options.model] ?? [SPREAD], (point) => lossOf({ ...DEFAULT_SETTINGS, ...point }), {
    trials: options.trials,
    seed: options.seed,
    start: { ...DEFAULT_SETTINGS },
  });
  const best = bestTrial(trials);
  const settingsOf = (point: Readonly<Record<string, number>>): ModelSettings => ({ ...DEFAULT_SETTINGS, ...point });
  return {
    choice: { model: options.model, settings: settingsOf(best.point) },
    relativeLoss: best.loss,
    defaultLoss: trials[0]?.loss ?? best.loss,
    trials: trials.map(({ point, loss }) => ({ settings: settingsOf(point), relativeLoss: loss })),
  };
}
