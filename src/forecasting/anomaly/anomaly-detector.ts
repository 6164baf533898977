import { InvalidSeriesError } from '../invalid-series-error';
import { checkValue } from '../load-series';
import type { LoadPoint } from '../regularize-points';
import { createFirstAlarm } from './first-alarm';
import { createFrozenRun } from './frozen-run';
import { createMovingMoments } from './moving-moments';
import { createRangeNovelty } from './range-novelty';
import { createShapeDistance } from './shape-distance';
import { createTimeOfDayDeviation } from './time-of-day-deviation';

/** A score from here on is worth an alarm. */
export const ALARM_SCORE = 0.5;

/** Spans in rows: 15 minutes, 45 minutes and 2 hours of 5-minute data. */
const LEVEL_ROWS = 3;
const SHAPE_ROWS = 9;
const SLOW_ROWS = 24;

/** Levels drift: what they have shown is forgotten over so many rows (five weeks of 5-minute data). What deviates does not drift. */
const LEVEL_FADE_ROWS = 10_000;
const NEVER = Infinity;

/**
 * The novelty of each evidence that is worth an alarm. Balanced without labels: each by itself alarms about equally often (43 to 60 times in the 30 files of the
 * development half of the Numenta Anomaly Benchmark). Their common factor, like the spans, was chosen by its labels.
 */
const ALARM_NOVELTY = { level: 0.0152, slowLevel: 0.0088, spread: 0.0124, timeOfDay: 0.0081, shape: 0.0019 } as const;
/** An unusual standstill is worth an alarm, and not more than most. */
const FROZEN_SURPRISE = 1.5;

export interface AnomalyDetector {
  /**
   * The anomaly score of the next point of the stream, 0..1. A value of null is a gap: it scores 0 and is not learned. Points count in the order in which they
   * come; their times tell the time of day and nothing else, so they may repeat, leave steps out or run backwards.
   * @throws InvalidSeriesError for a value that is no finite number within ±1e18, and for a time that is none; the detector is as it was before.
   */
  observe(point: LoadPoint): number;
}

/**
 * A detector for one stream, causal by construction: it has nothing but the points given so far, keeps constant memory (10 kB) and takes constant time a
 * point. Its score rises where one of six things leaves what it has shown before: the level over a quarter of an hour or over two hours, the spread, the
 * deviation from the time of day, the shape of the last hours, the length of a standstill. The strongest evidence counts, once an event.
 */
export function createAnomalyDetector(): AnomalyDetector {
  const evidence = createEvidence();
  const firstAlarm = createFirstAlarm();
  return {
    observe({ atMs, value }) {
      if (typeof atMs !== 'number' || !Number.isFinite(atMs)) throw new InvalidSeriesError('atMs', `expected a time in ms, got ${String(atMs)}`);
      checkValue(value, 'value');
      if (value === null) return 0;
      const surprise = firstAlarm.observe(evidence(value, atMs));
      return surprise / (surprise + 1);
    },
  };
}

/** How surprising a value is, in units of what is worth an alarm: the most that any evidence says. */
function createEvidence(): (value: number, atMs: number) => number {
  const level = createMovingMoments(LEVEL_ROWS);
  const slow = createMovingMoments(SLOW_ROWS);
  const smoothed = createMovingMoments(SHAPE_ROWS);
  const timeOfDay = createTimeOfDayDeviation();
  const deviation = createMovingMoments(LEVEL_ROWS);
  const shape = createShapeDistance();
  const frozen = createFrozenRun();
  const novelty = {
    level: createRangeNovelty(LEVEL_FADE_ROWS),
    slowLevel: createRangeNovelty(LEVEL_FADE_ROWS),
    spread: createRangeNovelty(LEVEL_FADE_ROWS),
    timeOfDay: createRangeNovelty(NEVER),
    shape: createRangeNovelty(NEVER),
  };
  return (value, atMs) => {
    const { mean, deviation: spread } = slow.observe(value);
    const unusual = timeOfDay.observe(value, atMs);
    return Math.max(
      novelty.level.observe(level.observe(value).mean, value) / ALARM_NOVELTY.level,
      novelty.slowLevel.observe(mean, value) / ALARM_NOVELTY.slowLevel,
      novelty.spread.observe(spread, value) / ALARM_NOVELTY.spread,
      unusual === null ? 0 : novelty.timeOfDay.observe(deviation.observe(unusual).mean, value) / ALARM_NOVELTY.timeOfDay,
      novelty.shape.observe(shape.observe(smoothed.observe(value).mean), value) / ALARM_NOVELTY.shape,
      frozen.observe(value) ? FROZEN_SURPRISE : 0,
    );
  };
}
