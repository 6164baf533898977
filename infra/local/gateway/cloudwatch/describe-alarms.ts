import { z } from 'zod';
import { AwsError } from '../operation';
import type { Alarm } from './alarm';
import type { AlarmRegistry } from './alarm-registry';

const alarmTypes = z.array(z.enum(['MetricAlarm', 'CompositeAlarm']));
const describeShape = z.object({
  AlarmNames: z.array(z.string()).max(100).nullish(),
  AlarmNamePrefix: z.string().nullish(),
  AlarmTypes: alarmTypes.nullish(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).nullish(),
  ActionPrefix: z.string().nullish(),
  MaxRecords: z.number().int().min(1).max(100).nullish(),
  NextToken: z.string().nullish(),
});
const historyShape = z.object({
  AlarmName: z.string().nullish(),
  AlarmTypes: alarmTypes.nullish(),
  HistoryItemType: z.enum(['ConfigurationUpdate', 'StateUpdate', 'Action']).nullish(),
  StartDate: z.number().nullish(),
  EndDate: z.number().nullish(),
  MaxRecords: z.number().int().min(1).max(100).nullish(),
  NextToken: z.string().nullish(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).nullish(),
});

/** DescribeAlarms: metric alarms only, unless AlarmTypes asks for composites, as on AWS. */
export function describeAlarms(alarms: AlarmRegistry, params: unknown): Record<string, unknown> {
  const request = parse(describeShape, params);
  if (request.AlarmNames != null && request.AlarmNamePrefix != null) {
    throw new AwsError('InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix are mutually exclusive.');
  }
  const types = request.AlarmTypes ?? ['MetricAlarm'];
  const found = alarms
    .list()
    .filter(({ definition, state }) => {
      const { settings } = definition;
      const actions = [...(settings.OKActions ?? []), ...(settings.AlarmActions ?? []), ...(settings.InsufficientDataActions ?? [])];
      return (
        types.includes(definition.type) &&
        (request.AlarmNames == null || request.AlarmNames.includes(settings.AlarmName)) &&
        (request.AlarmNamePrefix == null || settings.AlarmName.startsWith(request.AlarmNamePrefix)) &&
        (request.StateValue == null || state.value === request.StateValue) &&
        (request.ActionPrefix == null || actions.some((action) => action.startsWith(request.ActionPrefix ?? '')))
      );
    })
    .sort((a, b) => (a.definition.settings.AlarmName < b.definition.settings.AlarmName ? -1 : 1));
  const { page, next } = paginate(found, request.MaxRecords ?? 50, request.NextToken);
  const of = (type: string): unknown[] => page.filter((alarm) => alarm.definition.type === type).map(describeAlarm);
  return { MetricAlarms: of('MetricAlarm'), CompositeAlarms: of('CompositeAlarm'), ...next };
}

/** DescribeAlarmsForMetric. */
export function describeAlarmsForMetric(alarms: AlarmRegistry, params: unknown): Record<string, unknown> {
  const request = parse(z.object({ Namespace: z.string(), MetricName: z.string() }), params);
  const found = alarms.list().filter(
    ({ definition }) =>
      definition.type === 'MetricAlarm' &&
      definition.settings.MetricName === request.MetricName &&
      definition.settings.Namespace === request.Namespace,
  );
  return { MetricAlarms: found.map(describeAlarm) };
}

/** DescribeAlarmHistory, newest first unless asked otherwise. */
export function describeAlarmHistory(alarms: AlarmRegistry, params: unknown): Record<string, unknown> {
  const request = parse(historyShape, params);
  const found = alarms.history.list().filter(
    (item) =>
      (request.AlarmName == null || item.AlarmName === request.AlarmName) &&
      (request.AlarmTypes ?? ['MetricAlarm']).includes(item.AlarmType) &&
      (request.HistoryItemType == null || item.HistoryItemType === request.HistoryItemType) &&
      item.Timestamp >= (request.StartDate ?? 0) &&
      item.Timestamp <= (request.EndDate ?? Number.POSITIVE_INFINITY),
  );
  if (request.ScanBy !== 'TimestampAscending') found.reverse();
  const { page, next } = paginate(found, request.MaxRecords ?? 100, request.NextToken);
  return { AlarmHistoryItems: page, ...next };
}

function describeAlarm(alarm: Alarm): Record<string, unknown> {
  const { settings } = alarm.definition;
  return {
    ...settings,
    // Tags have an operation of their own.
    Tags: undefined,
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAtMs / 1000,
    StateValue: alarm.state.value,
    StateReason: alarm.state.reason,
    StateReasonData: alarm.state.reasonData,
    StateUpdatedTimestamp: alarm.state.atMs / 1000,
    StateTransitionedTimestamp: alarm.state.atMs / 1000,
  };
}

function paginate<T>(found: readonly T[], size: number, token: string | null | undefined): { page: readonly T[]; next: { NextToken?: string } } {
  const offset = token == null ? 0 : Number(Buffer.from(token, 'base64').toString('utf8'));
  if (!Number.isInteger(offset) || offset < 0) throw new AwsError('InvalidNextToken', 'The value for parameter NextToken is invalid.');
  const end = offset + size;
  return { page: found.slice(offset, end), next: end < found.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {} };
}

function parse<T>(shape: z.ZodType<T>, params: unknown): T {
  const parsed = shape.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new AwsError('ValidationError', `The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or invalid.`);
}
