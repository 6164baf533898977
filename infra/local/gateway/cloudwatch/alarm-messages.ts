import { actionsOf, type Alarm, type AlarmStateValue, type MetricAlarmSettings } from './alarm';

/** The message that AWS publishes to the alarm's SNS topics. */
export function snsAlarmMessage(alarm: Alarm, previous: AlarmStateValue, accountId: string, region: string): Record<string, unknown> {
  const { settings, type } = alarm.definition;
  const message = {
    AlarmName: settings.AlarmName,
    AlarmDescription: settings.AlarmDescription ?? null,
    AWSAccountId: accountId,
    AlarmConfigurationUpdatedTimestamp: snsTime(alarm.configuredAtMs),
    NewStateValue: alarm.state.value,
    NewStateReason: alarm.state.reason,
    StateChangeTime: snsTime(alarm.state.atMs),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: previous.value,
    OKActions: actionsOf(settings, 'OK'),
    AlarmActions: actionsOf(settings, 'ALARM'),
    InsufficientDataActions: actionsOf(settings, 'INSUFFICIENT_DATA'),
  };
  if (type === 'CompositeAlarm') return { ...message, AlarmRule: settings.AlarmRule };
  return { ...message, Trigger: triggerOf(settings) };
}

/** The `CloudWatch Alarm State Change` event's detail. */
export function alarmEventDetail(alarm: Alarm, previous: AlarmStateValue): Record<string, unknown> {
  const { settings, type } = alarm.definition;
  const configuration =
    type === 'CompositeAlarm'
      ? { alarmRule: settings.AlarmRule, actionsEnabled: alarm.actionsEnabled }
      : { metrics: eventMetrics(settings), actionsEnabled: alarm.actionsEnabled };
  return {
    alarmName: settings.AlarmName,
    state: eventState(alarm.state),
    previousState: eventState(previous),
    configuration: { ...configuration, ...(settings.AlarmDescription == null ? {} : { description: settings.AlarmDescription }) },
  };
}

/** The time format of AWS's SNS messages and event details: `2026-01-02T03:04:05.678+0000`. */
export function snsTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '+0000');
}

function eventState(state: AlarmStateValue): Record<string, unknown> {
  return {
    value: state.value,
    reason: state.reason,
    ...(state.reasonData === undefined ? {} : { reasonData: state.reasonData }),
    timestamp: snsTime(state.atMs),
  };
}

function triggerOf(settings: MetricAlarmSettings): Record<string, unknown> {
  const rule = {
    EvaluationPeriods: settings.EvaluationPeriods,
    DatapointsToAlarm: settings.DatapointsToAlarm ?? settings.EvaluationPeriods,
    ComparisonOperator: settings.ComparisonOperator,
    Threshold: settings.Threshold,
    TreatMissingData: settings.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: '',
  };
  if (settings.Metrics != null) return { ...rule, Metrics: settings.Metrics };
  return {
    MetricName: settings.MetricName,
    Namespace: settings.Namespace,
    ...(settings.ExtendedStatistic == null
      ? { StatisticType: 'Statistic', Statistic: settings.Statistic?.toUpperCase() }
      : { StatisticType: 'ExtendedStatistic', ExtendedStatistic: settings.ExtendedStatistic }),
    Unit: settings.Unit ?? null,
    // Lower case here, and only here: AWS's SNS message writes dimensions so.
    Dimensions: (settings.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    Period: settings.Period,
    ...rule,
  };
}

function eventMetrics(settings: MetricAlarmSettings): unknown {
  if (settings.Metrics != null) return settings.Metrics;
  return [
    {
      id: 'm1',
      metricStat: {
        metric: {
          namespace: settings.Namespace,
          name: settings.MetricName,
          dimensions: Object.fromEntries((settings.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
        },
        period: settings.Period,
        stat: settings.ExtendedStatistic ?? settings.Statistic,
      },
      returnData: true,
    },
  ];
}
