import { ACCOUNT, arnOf } from '../../infra/bench/alarms/alarm-bodies';
import type { Incident, IncidentState } from '../../src/domain/triggers/incident';
import { incidentIdOf } from '../../src/triggers/incident-id';


/** A change of an alarm on an instance's CPU. */
export function alarmChange(name: string, state: IncidentState, changedAtMs: number, more: Partial<Incident> = {}): Incident {
  const subject = arnOf(name);
  return {
    kind: 'alarm',
    subject,
    incidentId: incidentIdOf(subject, name, changedAtMs),
    state,
    previousState: null,
    changedAtMs,
    name,
    reason: 'Threshold Crossed',
    accountId: ACCOUNT,
    region: 'us-east-1',
    namespace: 'AWS/EC2',
    metric: 'CPUUtilization',
    dimensions: { InstanceId: 'i-0123456789abcdef0' },
    instanceId: 'i-0123456789abcdef0',
    deadlineAtMs: null,
    ...more,
  };
}
