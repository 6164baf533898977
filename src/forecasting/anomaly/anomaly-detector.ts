import { checkValue } from '../load-series';
import { createFirstAlarm } from './first-alarm';
import { createMovingMoments } from './moving-moments';
import { createRangeNovelty } from './range-novelty';

/** A score from here on is worth an alarm. */
export const ALARM_SCORE = 0.5;

/** The surprise that scores just that: where the development half of the Numenta Anomaly Benchmark scores best. */
const ALARM_SURPRISE = 0.013;

/** Rows before anything can be new. */
const WARM_UP_ROWS = 50;
/** A slow level of 36 rows (3 hours of 5-minute data), a spread of 24 (2 hours), and alarms that fade over 300 (a day). */
const LEVEL_SPAN_ROWS = 36;
const SPREAD_SPAN_ROWS = 24;
const FADE_ROWS = 300;

export interface AnomalyDetector {
  /**
   * The anomaly score of the next value, 0..1; null is a gap, which scores 0 and is not learned.
   * @throws InvalidSeriesError for what is no finite number within ±1e18; the detector is as it was before.
   */
  observe(value: number | null): number;
}

/**
 * A detector for one stream, causal by construction: it has nothing but the values given so far, keeps constant memory and takes constant time a value. It
 * raises its score where the value, its slow level or its spread leave what they have shown before.
 */
export function createAnomalyDetector(): AnomalyDetector {
  const level = createMovingMoments(LEVEL_SPAN_ROWS);
  const spread = createMovingMoments(SPREAD_SPAN_ROWS);
  const valueNovelty = createRangeNovelty(WARM_UP_ROWS);
  const levelNovelty = createRangeNovelty(WARM_UP_ROWS);
  const spreadNovelty = createRangeNovelty(WARM_UP_ROWS);
  const firstAlarm = createFirstAlarm(FADE_ROWS);
  return {
    observe(value) {
      if (value === null) return 0;
      checkValue(value, 'value');
      const novelties = [valueNovelty.observe(value), levelNovelty.observe(level.observe(value).mean), spreadNovelty.observe(spread.observe(value).deviation)];
      const surprise = firstAlarm.observe(Math.max(...novelties));
      return surprise / (surprise + ALARM_SURPRISE);
    },
  };
}
