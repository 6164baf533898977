import type { ComputePort } from '../activities/compute-port';
import { businessFailure, nullIfNotFound, retryableFailure } from '../contracts/errors';
import { FLEET_TAG, queueWorkflowId, triggerWorkflowId } from '../contracts/workflow-ids';
import type { EnqueueAnswer } from '../domain/queue/enqueue';
import { requestOfFacts } from '../domain/queue/request-of-facts';
import type { PlannedWish } from '../domain/triggers/planned-start';
import type { PendingAct } from '../domain/triggers/trigger-memory';
import type { TriggerTemporal } from './ports';

export interface CarryOutDependencies {
  readonly temporal: TriggerTemporal;
  readonly compute: Pick<ComputePort, 'describe' | 'shape'>;
}

/** What was done: whom Temporal knows it by, and in words. */
export interface DoneAct {
  readonly workflowId: string;
  readonly summary: string;
}

/** Does one act; doing it again changes nothing. @throws a business failure where it is refused for good, a retryable one where it is to be tried again */
export function carryOut(deps: CarryOutDependencies, act: PendingAct): Promise<DoneAct> {
  return act.kind === 'start' ? begin(deps, act) : withdraw(deps, act);
}

async function begin({ temporal, compute }: CarryOutDependencies, { start, incidentId }: PendingAct): Promise<DoneAct> {
  if (start.kind === 'workflow') {
    const answer = await temporal.start(start);
    return { workflowId: start.workflowId, summary: `${start.workflowType} ${answer === 'started' ? 'started' : 'was started before'}` };
  }
  const { rule, instanceId, reason, impactMinutes, notBeforeMs, deadlineAtMs, onlyIfContended, zones, shapes, trigger } = start;
  const facts = await compute.describe(instanceId);
  const shape = await compute.shape(facts.shape).catch(nullIfNotFound);
  const itemId = triggerWorkflowId(incidentId);
  const wanted = { itemId, instanceId, reason, requestedBy: requesterOf(trigger, rule), decisionId: itemId, impactMinutes, notBeforeMs, deadlineAtMs, onlyIfContended, zones, shapes };
  const fleet = fleetOf(start, facts.tags);
  const answer = await temporal.enqueue(fleet, requestOfFacts(wanted, facts, shape));
  if (answer.kind === 'refused') throw refusalOf(fleet, answer);
  const covered = answer.kind === 'duplicate' && answer.of !== itemId;
  return { workflowId: queueWorkflowId(fleet), summary: covered ? `${instanceId} waits or moves already, as ${answer.of}` : `${instanceId} waits in the queue as ${itemId}` };
}

async function withdraw({ temporal, compute }: CarryOutDependencies, { start, incidentId }: PendingAct): Promise<DoneAct> {
  const itemId = triggerWorkflowId(incidentId);
  if (start.kind === 'workflow') return { workflowId: start.workflowId, summary: `${start.workflowType} has begun; it goes on` };
  // The instance of a queued wish may be gone; then its queue drops it by itself.
  const facts = start.fleet === null ? await compute.describe(start.instanceId).catch(nullIfNotFound) : { tags: {} };
  if (facts === null) return { workflowId: itemId, summary: `${start.instanceId} is gone` };
  const fleet = fleetOf(start, facts.tags);
  const taken = await temporal.withdraw(fleet, itemId, 'the alarm is over');
  return { workflowId: queueWorkflowId(fleet), summary: taken ? `${itemId} was taken out of the queue` : `${itemId} does not wait (any more)` };
}

/** A queue that is full is not so for ever: the message stays until there is room. */
function refusalOf(fleet: string, { reason, full }: Extract<EnqueueAnswer, { kind: 'refused' }>): Error {
  const sentence = `the queue of fleet ${fleet} refused it: ${reason}`;
  return full === true ? retryableFailure('NotReadyYet', sentence) : businessFailure('Conflict', sentence);
}

function fleetOf({ fleet, instanceId }: PlannedWish, tags: Readonly<Record<string, string>>): string {
  const its = fleet ?? tags[FLEET_TAG];
  if (its === undefined) throw businessFailure('NotFound', `instance ${instanceId} has no tag ${FLEET_TAG}, and the rule names no fleet`);
  return its;
}

function requesterOf(trigger: string, rule: string): string {
  return `trigger:${trigger}:${rule}`.slice(0, 100);
}
