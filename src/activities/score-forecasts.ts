import { LOAD_ORIGIN, type SeriesKey } from '../domain/collected-metric';
import { subjectName, type ResourceForecast } from '../domain/forecast';
import { asLoads } from '../domain/load-on-grid';
import { scoreForecast } from '../forecasting/accuracy/score-forecast';
import type { AccuracyStore, DueForecast, ScoredForecast } from './accuracy-port';
import type { CalibrationStore } from './calibration-port';
import { learnFromAll } from './learn-calibration';
import type { MetricHistoryStore } from './metric-history-port';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What the naive forecast may look back. */
const HISTORY_MS = 14 * DAY;
/** What came is taken for settled after this: late metrics have arrived. */
export const SETTLED_AFTER_MS = 20 * MINUTE;
/** Horizons that are told apart, besides the whole one. */
const PART_HORIZONS_MS: readonly number[] = [30 * MINUTE, DAY];
const AT_ONCE = 100;

export interface ScoreForecastsPorts {
  readonly accuracy: AccuracyStore;
  readonly history: MetricHistoryStore;
  readonly calibrations: Pick<CalibrationStore, 'read' | 'save'>;
}

export interface ScoringReport {
  readonly scored: number;
  /** Forecasts of which too little was seen. */
  readonly unscorable: number;
  /** Forecasts left for the next time. */
  readonly left: number;
}

/** Scores forecasts of the last `sinceMs` whose horizon is over, at most `limit` of them, against the history (which must be up to date), and learns from them how wide the next ones must be. */
export async function scorePastForecasts({ accuracy, history, calibrations }: ScoreForecastsPorts, args: { readonly nowMs: number; readonly sinceMs: number; readonly limit: number }): Promise<ScoringReport> {
  const range = { sinceMs: args.nowMs - args.sinceMs, endedBeforeMs: args.nowMs - SETTLED_AFTER_MS };
  let [scored, unscorable] = [0, 0];
  while (scored + unscorable < args.limit) {
    const due = await accuracy.due({ ...range, limit: Math.min(AT_ONCE, args.limit - scored - unscorable) });
    if (due.length === 0) break;
    const results = await scoreSome(history, due);
    await accuracy.save(results.flatMap(({ scores }) => scores));
    await learnFromAll(calibrations, results.map(({ forecast, actual }) => ({ forecast, actual })), args.nowMs);
    for (const { scores } of results) {
      if (scores.some(({ score }) => score !== null)) scored += 1;
      else unscorable += 1;
    }
  }
  return { scored, unscorable, left: await accuracy.countDue(range) };
}

/** A forecast with what came, `[step]`, null for what nobody saw, and its scores, one a horizon. */
interface ScoringResult {
  readonly forecast: ResourceForecast;
  readonly actual: readonly (number | null)[];
  readonly scores: readonly ScoredForecast[];
}

async function scoreSome(history: MetricHistoryStore, due: readonly DueForecast[]): Promise<ScoringResult[]> {
  const results: ScoringResult[] = [];
  for (const one of due) {
    const { forecast } = one;
    const { metric, stepMs, issuedAtMs } = forecast;
    const subject = subjectName(forecast.subject);
    const key: SeriesKey = { resource: subject, metric: LOAD_ORIGIN[metric].metric, stepMs };
    const endAtMs = issuedAtMs + (forecast.quantiles.length + 1) * stepMs;
    const [stored] = await history.read([key], { startAtMs: issuedAtMs - HISTORY_MS, endAtMs });
    const values = asLoads(metric, stored?.values, stepMs);
    const series = { id: subject, startAtMs: stored?.startAtMs ?? issuedAtMs, stepMs, values };
    const scores = scoredHorizons(forecast).map((horizonSteps) => ({
      forecastId: one.forecastId,
      pool: one.pool,
      subject,
      metric,
      model: forecast.origin.model,
      issuedAtMs,
      horizonMs: horizonSteps * stepMs,
      score: scoreForecast({ ...forecast, peakQuantiles: forecast.peak }, series, horizonSteps),
    }));
    const first = Math.round((issuedAtMs - series.startAtMs) / stepMs) + 1;
    results.push({ forecast, actual: forecast.quantiles.map((_, h) => values[first + h] ?? null), scores });
  }
  return results;
}

function scoredHorizons({ quantiles, stepMs }: ResourceForecast): number[] {
  const parts = PART_HORIZONS_MS.map((horizonMs) => horizonMs / stepMs).filter((steps) => Number.isInteger(steps) && steps < quantiles.length);
  return [...parts, quantiles.length];
}
