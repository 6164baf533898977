import { neutralCalibration, type IntervalCalibration } from './interval-calibration';

/** What was learned of one series' forecasts, and from how many. */
export interface CalibrationState {
  readonly calibration: IntervalCalibration;
  readonly forecasts: number;
}

/** First steps of groups of horizon steps: near ones err otherwise than far ones, and a group needs steps to learn from. */
const GROUP_STARTS: readonly number[] = [0, 2, 6, 12, 36, 96, 288];

/** A state that has learned nothing; null for levels that cannot be calibrated, because they are not mirrored around 0.5. */
export function newCalibrationState(levels: readonly number[], horizonSteps: number): CalibrationState | null {
  try {
    return { calibration: neutralCalibration(levels, GROUP_STARTS.filter((start) => start < horizonSteps)), forecasts: 0 };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A stored state, or null for what is none: a damaged row must not spoil a forecast. */
export function parseCalibrationState(text: string): CalibrationState | null {
  try {
    const { calibration, forecasts } = JSON.parse(text) as CalibrationState;
    const { levels, groupStarts, logSpreads, peakLogSpreads } = calibration;
    const neutral = neutralCalibration(levels, groupStarts);
    const pairs = neutral.peakLogSpreads.length;
    const sound = (row: readonly number[]) => row.length === pairs && row.every(Number.isFinite);
    const complete = logSpreads.length === groupStarts.length && logSpreads.every(sound) && sound(peakLogSpreads) && Number.isInteger(forecasts) && forecasts >= 0;
    return complete ? { calibration: { levels, groupStarts, logSpreads, peakLogSpreads }, forecasts } : null;
  } catch {
    return null;
  }
}
