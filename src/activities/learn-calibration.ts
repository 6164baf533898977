import { boundsOf, subjectName, type ResourceForecast } from '../domain/forecast';
import { newCalibrationState, type CalibrationState } from '../forecasting/calibration/calibration-state';
import { updateCalibration } from '../forecasting/calibration/interval-calibration';
import { calibrationKeyOf, fitsLevels } from './calibrate-forecasts';
import { sameCalibrationKey, type CalibrationStore } from './calibration-port';

/** A past forecast and what came, `[step]`, null for a gap. */
export interface KnownOutcome {
  readonly forecast: ResourceForecast;
  readonly actual: readonly (number | null)[];
}

/** Learns from outcomes, in the order in which the forecasts were made, how wide the next ones of each series must be: one read and one write. */
export async function learnFromAll(store: Pick<CalibrationStore, 'read' | 'save'>, outcomes: readonly KnownOutcome[], nowMs: number): Promise<void> {
  const seen = outcomes.filter(({ actual }) => actual.some((value) => value !== null)).toSorted((a, b) => a.forecast.issuedAtMs - b.forecast.issuedAtMs);
  if (seen.length === 0) return;
  const stored = await store.read([...new Set(seen.map(({ forecast }) => subjectName(forecast.subject)))]);
  const states = new Map(stored.map((one) => [sameCalibrationKey(one), one.state]));
  const learned = new Map<string, Parameters<CalibrationStore['save']>[0][number]>();
  for (const { forecast, actual } of seen) {
    const key = calibrationKeyOf(forecast);
    const name = sameCalibrationKey(key);
    const state = learnFrom(states.get(name) ?? null, forecast, actual);
    if (state === null) continue;
    states.set(name, state);
    learned.set(name, { ...key, state, updatedAtMs: nowMs });
  }
  if (learned.size > 0) await store.save([...learned.values()]);
}

/** A missing or damaged state begins anew; null for a forecast whose levels cannot be calibrated. */
function learnFrom(state: CalibrationState | null, forecast: ResourceForecast, actual: readonly (number | null)[]): CalibrationState | null {
  // By what the model said: what the calibration itself did must not count as the model's.
  const { quantiles, peak } = forecast.uncalibrated ?? forecast;
  const known = state !== null && fitsLevels(state, forecast) ? state : newCalibrationState(forecast.levels, quantiles.length);
  if (known === null) return null;
  const calibration = updateCalibration(known.calibration, { levels: forecast.levels, quantiles, peakQuantiles: peak }, actual, boundsOf(forecast.metric));
  return { calibration, forecasts: known.forecasts + 1 };
}
