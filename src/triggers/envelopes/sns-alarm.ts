import { z } from 'zod';
import type { Incident } from '../../domain/triggers/incident';
import { incidentIdOf } from '../incident-id';
import { ALARM_ARN, alarmState } from './alarm-event';
import { awsTime } from './times';

const text = z.string().max(4_096);
const dimension = z.object({ name: z.string().max(255), value: text });
const metric = z.object({ Namespace: text.nullish(), MetricName: text.nullish(), Dimensions: z.array(dimension).max(100).nullish() });

/** What CloudWatch publishes to an alarm's SNS topics. */
export const snsAlarmShape = z.object({
  AlarmName: z.string().min(1).max(255),
  AlarmArn: z.string().max(2_048),
  NewStateValue: alarmState,
  OldStateValue: alarmState.optional(),
  NewStateReason: text.default(''),
  StateChangeTime: awsTime,
  Trigger: metric.extend({ Metrics: z.array(z.object({ MetricStat: z.object({ Metric: metric }).nullish() })).max(500).nullish() }).nullish(),
});

/** Of an alarm's SNS message. @throws Error with what is wrong */
export function alarmOfSns({ AlarmName: name, AlarmArn: arn, ...alarm }: z.infer<typeof snsAlarmShape>): Incident {
  const [, region, accountId, named] = ALARM_ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined) throw new Error('AlarmArn: expected the ARN of an alarm');
  if (named !== name) throw new Error('AlarmName: expected the name that AlarmArn has');
  const parts = (alarm.Trigger?.Metrics ?? []).flatMap(({ MetricStat }) => (MetricStat == null ? [] : [MetricStat.Metric]));
  const metrics = [...(alarm.Trigger == null ? [] : [alarm.Trigger]), ...parts];
  const dimensions = Object.fromEntries(metrics.toReversed().flatMap(({ Dimensions }) => (Dimensions ?? []).map((one) => [one.name, one.value] as const)));
  return {
    kind: 'alarm',
    subject: arn,
    incidentId: incidentIdOf(arn, name, alarm.StateChangeTime),
    state: alarm.NewStateValue,
    previousState: alarm.OldStateValue ?? null,
    changedAtMs: alarm.StateChangeTime,
    name,
    reason: alarm.NewStateReason,
    accountId,
    region,
    namespace: metrics.find(({ Namespace }) => Namespace != null)?.Namespace ?? null,
    metric: metrics.find(({ MetricName }) => MetricName != null)?.MetricName ?? null,
    dimensions,
    instanceId: dimensions['InstanceId'] ?? null,
    deadlineAtMs: null,
  };
}
