import type { ModelChoice } from '../../domain/model-choice';
import { scoreForecast, type ForecastScore } from '../accuracy/score-forecast';
import type { ForecastEngine } from '../forecast-engine';
import type { ModelName } from '../model-names';
import type { LoadSeries } from '../load-series';
import { backtestPlaces } from './rolling-origin';

export interface BacktestOptions {
  readonly horizonSteps: number;
  /** Origins of each series. */
  readonly origins: number;
  /** The part (0..1) of each series that no forecast is made within: it is history alone. */
  readonly fromShare: number;
  readonly seed: number;
}

/** How one choice did at one origin of one series. */
export interface BacktestRow {
  readonly seriesId: string;
  /** Steps of the series before the origin. */
  readonly origin: number;
  /** Place among the choices. */
  readonly choice: number;
  readonly score: ForecastScore;
}

/** Series forecast in one call: enough to share fits, few enough to tell progress. */
const SERIES_AT_ONCE = 16;

/**
 * Lets every choice forecast from the same origins of the same series, and scores what they said. A forecast sees only what lies before its origin.
 *
 * @param onProgress called with how many forecasts of how many are done
 * @returns a row for each choice, series and origin at which enough was seen to score it
 */
export async function runBacktest(
  engine: Pick<ForecastEngine, 'forecast'>,
  series: readonly LoadSeries[],
  choices: readonly ModelChoice[],
  { horizonSteps, origins, fromShare, seed }: BacktestOptions,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<BacktestRow[]> {
  const placesOf = (one: LoadSeries) => backtestPlaces(one, horizonSteps, origins, fromShare);
  const rows: BacktestRow[] = [];
  const total = series.reduce((sum, one) => sum + placesOf(one).length, 0) * choices.length;
  let done = 0;
  for (let at = 0; at < series.length; at += SERIES_AT_ONCE) {
    const places = series.slice(at, at + SERIES_AT_ONCE).flatMap((one) => placesOf(one).map((place) => ({ one, place })));
    for (const [c, { model, settings }] of choices.entries()) {
      const answers = await engine.forecast(places.map(({ place }) => ({ series: place.history, horizonSteps, model: model as ModelName, settings, seed })));
      answers.forEach((answer, i) => {
        const { one, place } = places[i] as (typeof places)[number];
        const score = scoreForecast(answer, one, horizonSteps);
        if (score !== null) rows.push({ seriesId: one.id, origin: place.origin, choice: c, score });
      });
      done += answers.length;
      onProgress(done, total);
    }
  }
  return rows;
}
