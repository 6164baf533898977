import { z } from 'zod';
import type { Incident } from '../../domain/triggers/incident';
import { incidentIdOf } from '../incident-id';
import type { BridgeEvent } from './bridge-event';

/** EC2 takes a spot instance back so long after its warning. */
const INTERRUPTED_AFTER_MS = 2 * 60_000;

const detailShape = z.object({ 'instance-id': z.string().regex(/^i-[0-9a-f]{8,17}$/), 'instance-action': z.enum(['hibernate', 'stop', 'terminate']).optional() });

/** Of "EC2 Spot Instance Interruption Warning" and "EC2 Instance Rebalance Recommendation". @throws ZodError */
export function spotOfEvent(kind: 'interruption' | 'rebalance', { account, region, time, detail: raw }: BridgeEvent): Incident {
  const detail = detailShape.parse(raw);
  const instanceId = detail['instance-id'];
  const subject = `arn:aws:ec2:${region}:${account}:instance/${instanceId}#${kind}`;
  return {
    kind,
    subject,
    incidentId: incidentIdOf(subject, `${kind}-${instanceId}`, time),
    state: 'ALARM',
    // EC2 never takes one back: each is news.
    previousState: 'OK',
    changedAtMs: time,
    name: kind,
    reason: kind === 'interruption' ? `EC2 takes the spot instance back (${detail['instance-action'] ?? 'terminate'})` : 'EC2 expects to take the spot instance back soon',
    accountId: account,
    region,
    namespace: null,
    metric: null,
    dimensions: { InstanceId: instanceId },
    instanceId,
    deadlineAtMs: kind === 'interruption' ? time + INTERRUPTED_AFTER_MS : null,
  };
}
