import type { z } from 'zod';
import { AwsError } from '../operation';
import { compositeAlarmShape, metricAlarmShape } from './alarm';
import { alignedGrid } from './aggregate-series';
import type { AlarmRegistry } from './alarm-registry';
import { alarmsOf, parseCompositeRule } from './composite-rule';
import { alarmQueries } from './evaluate-metric-alarm';
import { MetricQueries } from './metric-queries';
import { MetricStore } from './metric-store';

const NAMED_STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];
const SHORT_PERIODS = [10, 20, 30];
const DAY_SECONDS = 86_400;

/** PutMetricAlarm: whatever the evaluation would choke on later is refused now. */
export function putMetricAlarm(alarms: AlarmRegistry, params: unknown): Record<string, never> {
  const settings = parse(metricAlarmShape, params);
  const { Metrics, MetricName, Namespace, Statistic, ExtendedStatistic, Period } = settings;
  if (Metrics != null) {
    if (MetricName != null || Namespace != null || Statistic != null || ExtendedStatistic != null || Period != null) {
      throw invalid('The parameters MetricName, Namespace, Statistic, ExtendedStatistic and Period must not be used with Metrics.');
    }
  } else {
    if (MetricName == null || Namespace == null) throw invalid('Both MetricName and Namespace must be specified.');
    if ((Statistic == null) === (ExtendedStatistic == null)) throw invalid('Exactly one of Statistic and ExtendedStatistic must be specified.');
    if (Statistic != null && !NAMED_STATISTICS.includes(Statistic)) throw invalid(`The value ${Statistic} for parameter Statistic is invalid.`);
    if (Period == null || !(SHORT_PERIODS.includes(Period) || (Period >= 60 && Period % 60 === 0))) {
      throw invalid('Period must be 10, 20, 30 or a multiple of 60.');
    }
    if (Period * settings.EvaluationPeriods > DAY_SECONDS) throw invalid('Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).');
  }
  if ((settings.DatapointsToAlarm ?? 1) > settings.EvaluationPeriods) throw invalid('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  checkQueries(alarmQueries(settings));
  alarms.put({ type: 'MetricAlarm', settings });
  return {};
}

/** PutCompositeAlarm. */
export function putCompositeAlarm(alarms: AlarmRegistry, params: unknown): Record<string, never> {
  if (typeof params === 'object' && params !== null && 'ActionsSuppressor' in params) throw invalid('ActionsSuppressor is not supported by the local cloud.');
  const settings = parse(compositeAlarmShape, params);
  const named = alarmsOf(parseCompositeRule(settings.AlarmRule));
  const known = new Set(alarms.list().map((alarm) => alarm.definition.settings.AlarmName));
  const unknown = named.filter((name) => !known.has(name));
  if (unknown.length > 0) throw invalid(`AlarmRule refers to alarms that do not exist: ${unknown.join(', ')}`);
  if (named.includes(settings.AlarmName)) throw invalid('AlarmRule must not refer to the alarm itself.');
  alarms.put({ type: 'CompositeAlarm', settings });
  return {};
}

/** Runs the queries over nothing: syntax, ids, statistics and functions are all checked on the way. */
function checkQueries(queries: readonly unknown[]): void {
  const dry = new MetricQueries(new MetricStore(), queries, (periodMs) => alignedGrid(0, 1, Math.max(periodMs, 1)));
  const returned = dry.returned();
  const [only] = returned;
  if (only === undefined || returned.length !== 1) throw invalid('Exactly one element of Metrics must return data.');
  dry.result(only.Id);
}

function parse<T>(shape: z.ZodType<T>, params: unknown): T {
  const parsed = shape.safeParse(params);
  if (parsed.success) return parsed.data;
  throw invalid(`The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or invalid.`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
