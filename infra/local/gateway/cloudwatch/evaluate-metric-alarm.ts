import type { BucketGrid } from './aggregate-series';
import type { AlarmState, MetricAlarmSettings } from './alarm';
import { decideAlarmState, EXTRA_PERIODS } from './decide-alarm-state';
import { snsTime } from './alarm-messages';
import { MetricQueries } from './metric-queries';
import type { MetricStore } from './metric-store';

const IN_WORDS = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to the threshold',
  GreaterThanThreshold: 'greater than the threshold',
  LessThanThreshold: 'less than the threshold',
  LessThanOrEqualToThreshold: 'less than or equal to the threshold',
} as const;

export interface AlarmVerdict {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
}

/** The query list of an alarm: a single metric becomes the one query `m1`. */
export function alarmQueries(settings: MetricAlarmSettings): readonly unknown[] {
  if (settings.Metrics != null) return settings.Metrics;
  const { Namespace, MetricName, Dimensions, Period, Unit } = settings;
  const Stat = settings.ExtendedStatistic ?? settings.Statistic;
  return [{ Id: 'm1', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit } }];
}

/**
 * Looks at the last periods that end now. The periods slide with the second instead of standing on multiples of the
 * period, so that a breach is seen within a second of its datapoint. Undefined: the alarm keeps its state.
 */
export function evaluateMetricAlarm(store: MetricStore, settings: MetricAlarmSettings, nowMs: number): AlarmVerdict | undefined {
  const periods = settings.EvaluationPeriods + EXTRA_PERIODS;
  // A point of this very second belongs to the window: its end is the next full second.
  const endMs = Math.floor(nowMs / 1000) * 1000 + 1000;
  const grids: BucketGrid[] = [];
  const queries = new MetricQueries(store, alarmQueries(settings), (periodMs) => {
    const grid = { originMs: endMs - periods * periodMs, endMs, periodMs };
    grids.push(grid);
    return grid;
  });
  const id = queries.returned()[0]?.Id;
  if (id === undefined) return undefined;
  const series = queries.result(id)[0] ?? new Map<number, number>();
  const grid = grids.reduce((longest, one) => (one.periodMs > longest.periodMs ? one : longest));
  const starts = Array.from({ length: periods }, (_, index) => grid.originMs + index * grid.periodMs);
  const window = starts.map((start) => series.get(start));
  const state = decideAlarmState(settings, window);
  if (state === undefined) return undefined;

  const recent = starts.slice(-settings.EvaluationPeriods).flatMap((start) => {
    const value = series.get(start);
    return value === undefined ? [] : [{ value, start }];
  });
  const reasonData = JSON.stringify({
    version: '1.0',
    queryDate: snsTime(nowMs),
    period: grid.periodMs / 1000,
    recentDatapoints: recent.map(({ value }) => value),
    threshold: settings.Threshold,
    evaluatedDatapoints: recent.map(({ value, start }) => ({ timestamp: snsTime(start), value })),
  });
  return { state, reason: reasonFor(settings, state, recent), reasonData };
}

function reasonFor(settings: MetricAlarmSettings, state: AlarmState, recent: readonly { value: number; start: number }[]): string {
  const periods = settings.EvaluationPeriods;
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${periods} datapoint${periods === 1 ? ' was' : 's were'} unknown.`;
  }
  const comparison = IN_WORDS[settings.ComparisonOperator];
  const not = state === 'OK' ? 'not ' : '';
  const values = recent.map(({ value, start }) => `${value} (${new Date(start).toISOString()})`).join(', ');
  const missing = periods - recent.length;
  const gap = missing > 0 ? ` ${missing} missing datapoint${missing === 1 ? '' : 's'} treated as ${settings.TreatMissingData ?? 'missing'}.` : '';
  return `Threshold Crossed: ${recent.length} datapoint${recent.length === 1 ? '' : 's'} [${values}] ${recent.length === 1 ? 'was' : 'were'} ${not}${comparison} (${settings.Threshold}).${gap}`;
}
