import { z } from 'zod';
import type { Incident } from '../../domain/triggers/incident';
import { incidentIdOf } from '../incident-id';
import type { BridgeEvent } from './bridge-event';
import { awsTime } from './times';

export const ALARM_ARN = /^arn:aws[a-z-]*:cloudwatch:([a-z0-9-]{1,30}):(\d{12}):alarm:(.{1,255})$/s;
export const alarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
const text = z.string().max(4_096);

const stateShape = z.object({ value: alarmState, reason: text.default(''), timestamp: awsTime });
const metricShape = z.object({
  metricStat: z.object({ metric: z.object({ namespace: text.optional(), name: text.optional(), dimensions: z.record(z.string().max(255), text).default({}) }) }).optional(),
});
const detailShape = z.object({
  alarmName: z.string().min(1).max(255),
  state: stateShape,
  previousState: z.object({ value: alarmState }).optional(),
  // What a composite or a metric-math alarm watches besides is not needed here.
  configuration: z.object({ metrics: z.array(metricShape).max(500).default([]) }).default({ metrics: [] }),
});

/** Of EventBridge's "CloudWatch Alarm State Change". @throws ZodError, or Error with what is wrong */
export function alarmOfEvent({ resources, detail: raw }: BridgeEvent): Incident {
  const detail = detailShape.parse(raw);
  const arn = resources[0] ?? '';
  const [, region, accountId, name] = ALARM_ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined) throw new Error('resources: expected the ARN of an alarm');
  if (name !== detail.alarmName) throw new Error('detail.alarmName: expected the name that the ARN in resources has');
  const metrics = detail.configuration.metrics.flatMap(({ metricStat }) => (metricStat === undefined ? [] : [metricStat.metric]));
  const dimensions = Object.assign({}, ...metrics.toReversed().map((metric) => metric.dimensions)) as Record<string, string>;
  const changedAtMs = detail.state.timestamp;
  return {
    kind: 'alarm',
    subject: arn,
    incidentId: incidentIdOf(arn, detail.alarmName, changedAtMs),
    state: detail.state.value,
    previousState: detail.previousState?.value ?? null,
    changedAtMs,
    name: detail.alarmName,
    reason: detail.state.reason,
    accountId,
    region,
    namespace: metrics[0]?.namespace ?? null,
    metric: metrics[0]?.name ?? null,
    dimensions,
    instanceId: dimensions['InstanceId'] ?? null,
    deadlineAtMs: null,
  };
}
