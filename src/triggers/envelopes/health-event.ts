import { z } from 'zod';
import type { Incident } from '../../domain/triggers/incident';
import { incidentIdOf } from '../incident-id';
import type { BridgeEvent } from './bridge-event';
import { awsTime } from './times';

const text = z.string().max(20_000);
const INSTANCE_ID = /(?:^|\/)(i-[0-9a-f]{8,17})$/;

const detailShape = z.object({
  eventArn: z.string().min(1).max(1_600),
  service: z.string().max(200),
  eventTypeCode: z.string().min(1).max(200),
  eventTypeCategory: z.string().max(100),
  startTime: awsTime.optional(),
  lastUpdatedTime: awsTime.optional(),
  statusCode: z.string().max(50).optional(),
  eventDescription: z.array(z.object({ latestDescription: text.optional() })).max(100).default([]),
  affectedEntities: z.array(z.object({ entityValue: z.string().max(300) })).max(1_000).default([]),
});

/** Of an "AWS Health Event": one incident for each resource that it names. EC2's scheduled events arrive so, and in no other way. @throws ZodError */
export function healthOfEvent({ account, region, time, detail: raw }: BridgeEvent): readonly Incident[] {
  const detail = detailShape.parse(raw);
  const scheduled = detail.service === 'EC2' && detail.eventTypeCategory === 'scheduledChange';
  const changedAtMs = detail.lastUpdatedTime ?? time;
  const resources = detail.affectedEntities.length === 0 ? [null] : detail.affectedEntities.map(({ entityValue }) => entityValue);
  return resources.map((resource): Incident => {
    const subject = resource === null ? detail.eventArn : `${detail.eventArn}#${resource}`;
    const instanceId = INSTANCE_ID.exec(resource ?? '')?.[1] ?? null;
    return {
      kind: scheduled ? 'scheduledEvent' : 'health',
      subject,
      incidentId: incidentIdOf(subject, detail.eventTypeCode, changedAtMs),
      state: detail.statusCode === 'closed' ? 'OK' : 'ALARM',
      // AWS tells of an event again and again while it is open.
      previousState: null,
      changedAtMs,
      name: detail.eventTypeCode,
      reason: (detail.eventDescription[0]?.latestDescription ?? detail.eventTypeCategory).slice(0, 1_000),
      accountId: account,
      region,
      namespace: null,
      metric: null,
      dimensions: { Service: detail.service, ...(resource === null ? {} : { Resource: resource }), ...(instanceId === null ? {} : { InstanceId: instanceId }) },
      instanceId,
      deadlineAtMs: scheduled ? (detail.startTime ?? null) : null,
    };
  });
}
