import { MIGRATION_DURATION_METRIC, PHASE_DURATION_METRIC, STATE_PAUSE_METRIC } from '../contracts/metrics';

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Upper bounds of the histograms' buckets, in seconds: the SDK's own end at a minute. */
export const METRIC_BUCKETS: Record<string, number[]> = {
  [MIGRATION_DURATION_METRIC]: [10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 24 * HOUR],
  [PHASE_DURATION_METRIC]: [0.1, 0.5, 1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR],
  [STATE_PAUSE_METRIC]: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5],
};
