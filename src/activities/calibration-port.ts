import type { LoadMetric } from '../domain/forecast';
import type { CalibrationState } from '../forecasting/calibration/calibration-state';

/** Forecasts that are calibrated together: those of one series by one model over one horizon. */
export interface CalibrationKey {
  readonly subject: string;
  readonly metric: LoadMetric;
  readonly model: string;
  readonly horizonMs: number;
}

/** `state` null: there is one, but it cannot be read. */
export interface StoredCalibration extends CalibrationKey {
  readonly state: CalibrationState | null;
}

/** What was learned of how wide forecasts must be. Every method throws `Unavailable` while the store cannot be reached. */
export interface CalibrationStore {
  /** Those of the subjects that there are, of any metric, model and horizon, in one read. */
  read(subjects: readonly string[]): Promise<readonly StoredCalibration[]>;
  /** Replaces states, in one write. */
  save(states: readonly (CalibrationKey & { readonly state: CalibrationState; readonly updatedAtMs: number })[]): Promise<void>;
  /** Forgets what has not been updated since `atMs`. */
  deleteBefore(atMs: number): Promise<void>;
}

export function sameCalibrationKey(key: CalibrationKey): string {
  return JSON.stringify([key.subject, key.metric, key.model, key.horizonMs]);
}
