import type { IncidentState } from '../../../src/domain/triggers/incident';

/** The account that messages are made of. */
export const ACCOUNT = '123456789012';

export function arnOf(name: string): string {
  return `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:${name}`;
}

/** The body of an EventBridge event of such a change, as AWS documents it. */
export function alarmEvent(name: string, state: IncidentState, changedAtMs: number, previous: IncidentState = 'OK', dimensions: Readonly<Record<string, string>> = { InstanceId: 'i-0123456789abcdef0' }): string {
  const timestamp = new Date(changedAtMs).toISOString().replace('Z', '+0000');
  return JSON.stringify({
    version: '0',
    id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: ACCOUNT,
    time: new Date(changedAtMs).toISOString().replace(/\.\d+/, ''),
    region: 'us-east-1',
    resources: [arnOf(name)],
    detail: {
      alarmName: name,
      state: { value: state, reason: 'Threshold Crossed', reasonData: '{"version":"1.0"}', timestamp },
      previousState: { value: previous, reason: 'before', timestamp },
      configuration: { description: 'hot', metrics: [{ id: 'm1', metricStat: { metric: { namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions }, period: 60, stat: 'Average' }, returnData: true }] },
    },
  });
}

/** The JSON that CloudWatch publishes to an alarm's topics for such a change. */
export function alarmNotification(name: string, state: IncidentState, changedAtMs: number, previous: IncidentState = 'OK'): string {
  return JSON.stringify({
    AlarmName: name,
    AlarmDescription: null,
    AWSAccountId: ACCOUNT,
    AlarmConfigurationUpdatedTimestamp: '2026-11-01T00:00:00.000+0000',
    NewStateValue: state,
    NewStateReason: 'Threshold Crossed',
    StateChangeTime: new Date(changedAtMs).toISOString().replace('Z', '+0000'),
    Region: 'US East (N. Virginia)',
    AlarmArn: arnOf(name),
    OldStateValue: previous,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Trigger: { MetricName: 'CPUUtilization', Namespace: 'AWS/EC2', StatisticType: 'Statistic', Statistic: 'AVERAGE', Unit: null, Dimensions: [{ value: 'i-0123456789abcdef0', name: 'InstanceId' }], Period: 60, EvaluationPeriods: 1, Threshold: 90 },
  });
}
