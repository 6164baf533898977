/** A rule on EventBridge's default bus: which events reach the queue. */
export interface EventRule {
  readonly key: 'alarms' | 'spot' | 'health';
  readonly description: string;
  readonly pattern: Readonly<Record<string, unknown>>;
}

export const EVENT_RULES: readonly EventRule[] = [
  { key: 'alarms', description: 'CloudWatch alarms to Foreshift', pattern: { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] } },
  {
    key: 'spot',
    description: 'Spot interruptions and rebalance recommendations to Foreshift',
    pattern: { source: ['aws.ec2'], 'detail-type': ['EC2 Spot Instance Interruption Warning', 'EC2 Instance Rebalance Recommendation'] },
  },
  { key: 'health', description: "AWS Health of EC2, with it EC2's scheduled events, to Foreshift", pattern: { source: ['aws.health'], 'detail-type': ['AWS Health Event'], detail: { service: ['EC2'] } } },
];
