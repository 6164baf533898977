import { boundsOf, subjectName, type ForecastCalibration, type ResourceForecast } from '../domain/forecast';
import type { CalibrationState } from '../forecasting/calibration/calibration-state';
import { applyCalibration } from '../forecasting/calibration/interval-calibration';
import { sameCalibrationKey, type CalibrationKey, type CalibrationStore } from './calibration-port';
import { digestOf, sha256 } from './digest';

/** What a forecast is calibrated with. */
export function calibrationKeyOf(forecast: ResourceForecast): CalibrationKey {
  return { subject: subjectName(forecast.subject), metric: forecast.metric, model: forecast.origin.model, horizonMs: forecast.horizonMs };
}

/** Forecasts widened or narrowed to what was learned of the earlier ones of their series, in one read. One without such a state stays as it is, and says so. */
export async function calibrateForecasts(store: Pick<CalibrationStore, 'read'>, forecasts: readonly ResourceForecast[]): Promise<ResourceForecast[]> {
  if (forecasts.length === 0) return [];
  const stored = await store.read([...new Set(forecasts.map(({ subject }) => subjectName(subject)))]);
  const states = new Map(stored.map((one) => [sameCalibrationKey(one), one.state]));
  return forecasts.map((forecast) => {
    const state = states.get(sameCalibrationKey(calibrationKeyOf(forecast)));
    if (state === undefined) return uncalibrated(forecast, 'no earlier forecast of it was scored yet');
    if (state === null) return uncalibrated(forecast, 'what was learned of it cannot be read');
    if (!fitsLevels(state, forecast)) return uncalibrated(forecast, 'what was learned of it is for other levels');
    return calibrated(forecast, state);
  });
}

function uncalibrated(forecast: ResourceForecast, reason: string): ResourceForecast {
  return withCalibration(forecast, { kind: 'none', reason });
}

function calibrated(forecast: ResourceForecast, { calibration, forecasts }: CalibrationState): ResourceForecast {
  const { quantiles, peak, levels } = forecast;
  const moved = applyCalibration(calibration, { levels, quantiles, peakQuantiles: peak }, boundsOf(forecast.metric));
  const digest = digestOf(calibration);
  const changed = { ...forecast, quantiles: moved.quantiles, peak: moved.peakQuantiles, uncalibrated: { quantiles, peak } };
  return withCalibration(changed, { kind: 'applied', digest, forecasts });
}

/** The digest stands for the calibration too: the same history calibrated otherwise is another forecast. */
function withCalibration(forecast: ResourceForecast, calibration: ForecastCalibration): ResourceForecast {
  const { origin } = forecast;
  const digest = calibration.kind === 'applied' ? sha256(`${origin.digest}/${calibration.digest}`) : origin.digest;
  return { ...forecast, origin: { ...origin, digest, calibration } };
}

/** Whether a state is for a forecast's levels. */
export function fitsLevels({ calibration: { levels } }: CalibrationState, forecast: ResourceForecast): boolean {
  return levels.length === forecast.levels.length && levels.every((level, l) => level === forecast.levels[l]);
}
