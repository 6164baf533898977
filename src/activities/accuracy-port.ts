import type { LoadMetric, ResourceForecast } from '../domain/forecast';
import type { AccuracySummary, AccuracyWindow } from '../domain/forecast-accuracy';
import type { ForecastScore } from '../forecasting/accuracy/score-forecast';

/** A forecast whose first part can be scored: all of it lies in the past. */
export interface DueForecast {
  readonly forecastId: string;
  readonly pool: string;
  readonly forecast: ResourceForecast;
}

export interface ScoredForecast {
  readonly forecastId: string;
  readonly pool: string;
  readonly subject: string;
  readonly metric: LoadMetric;
  readonly model: string;
  readonly issuedAtMs: number;
  readonly horizonMs: number;
  /** Null where too little was seen of what came: it is not looked at again. */
  readonly score: ForecastScore | null;
}

export interface AccuracyFilter {
  readonly pool?: string;
  readonly metric?: LoadMetric;
  readonly sinceMs: number;
}

/** How past forecasts turned out. Every method throws `Unavailable` while the store cannot be reached. */
export interface AccuracyStore {
  /** Forecasts issued from `sinceMs` on whose horizon ended before `endedBeforeMs` and that have no score; a random sample where there are more than `limit`. */
  due(args: { readonly sinceMs: number; readonly endedBeforeMs: number; readonly limit: number }): Promise<readonly DueForecast[]>;
  /** How many `due` would name without a limit. */
  countDue(args: { readonly sinceMs: number; readonly endedBeforeMs: number }): Promise<number>;
  /** Writes once per forecast and horizon. */
  save(scores: readonly ScoredForecast[]): Promise<void>;
  /** By pool, metric, horizon and model. */
  summarize(filter: AccuracyFilter): Promise<readonly AccuracySummary[]>;
  /** One model's accuracy in a pool over a time, each subject counting once. */
  window(args: { readonly pool: string; readonly model: string; readonly fromMs: number; readonly toMs: number }): Promise<AccuracyWindow>;
  /** Forgets forecasts and scores of forecasts issued before `atMs`. @returns how many forecasts */
  deleteBefore(atMs: number): Promise<number>;
}
