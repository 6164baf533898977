import type { CapacityActivities } from '../contracts/capacity-activities';
import { businessFailure, nullIfNotFound, retryableFailure } from '../contracts/errors';
import type { Owner } from '../contracts/migration-activities';
import { RAISED_BY_TAG } from '../contracts/workflow-ids';
import { ownOf, planLower, planRaise, readShare, writeShare, type GroupShare } from '../domain/capacity/group-share';
import type { ComputePort } from './compute-port';
import { digestOf } from './digest';
import type { ScalingGroupFacts, ScalingGroupPort } from './scaling-group-port';

type GroupActivities = Pick<CapacityActivities, 'lookAtGroup' | 'raiseGroup' | 'awaitGroup' | 'lowerGroup' | 'scheduleGroup' | 'withdrawSchedule'>;

export interface GroupDependencies {
  readonly groups: ScalingGroupPort;
  readonly compute: Pick<ComputePort, 'shape'>;
}

/** Steps that only wrote a schedule: nothing is raised until it runs. */
const SCHEDULED = 'scheduled:';

/** An operator's Auto Scaling group, raised for a while: what was added stands in a tag of the group, and no more than that is taken back. */
export function createGroupActivities({ groups, compute }: GroupDependencies): GroupActivities {
  /** Writes what is about to be done, does it, and reads it back. */
  const set = async (owner: Owner, name: string, share: GroupShare): Promise<void> => {
    await groups.tag(name, tagOf(owner), writeShare(share, owner.workflowId));
    await groups.setDesired(name, share.to);
    const { desired } = await groups.describe(name);
    if (desired !== share.to) throw retryableFailure('NotReadyYet', `${name} is to be at ${share.to} and says ${desired}`);
  };
  const keepOrForget = (owner: Owner, name: string, share: GroupShare): Promise<void> =>
    share.added === 0 ? groups.untag(name, tagOf(owner)) : groups.tag(name, tagOf(owner), writeShare(share, owner.workflowId));

  return {
    async lookAtGroup({ owner, group }) {
      const [facts, names] = await Promise.all([groups.describe(group), groups.shapes(group)]);
      const shapes = await Promise.all(names.map((name) => compute.shape(name)));
      const [smallest] = shapes.toSorted((a, b) => a.vcpus - b.vcpus || a.memoryMiB - b.memoryMiB);
      if (smallest === undefined) throw businessFailure('InvalidInput', `autoScalingGroup is "${group}", which names no instance type; expected a group with a launch template that does`);
      const { desired, max, inService, zones, warm } = facts;
      const { name: shape, vcpus, memoryMiB, usdPerHour } = smallest;
      return { group, desired, room: Math.max(0, max - desired), inService, own: raisedOf(facts, owner), zones, shape, vcpus, memoryMiB, usdPerHour, warm };
    },
    async raiseGroup({ owner, group, step, by }) {
      const facts = await groups.describe(group);
      const plan = planRaise(facts, shareOf(facts, owner), stepOf(owner, step), by);
      if (plan.kind === 'full') throw businessFailure('InsufficientCapacity', `Auto Scaling group ${group} is at ${facts.desired} of at most ${facts.max}`);
      if (plan.kind === 'unsure') {
        await keepOrForget(owner, group, plan.share);
        throw businessFailure('Conflict', `Auto Scaling group ${group} was set to ${facts.desired} by somebody else while it was being raised by ${by}: whether that is among it cannot be told`);
      }
      if (plan.share === null) throw new Error(`a raise of ${group} that leaves no share`);
      if (plan.kind === 'set') await set(owner, group, plan.share);
      return { added: plan.share.to - plan.share.from, desired: plan.share.to };
    },
    async awaitGroup({ group, inService, sinceMs }) {
      const facts = await groups.describe(group);
      if (facts.inService >= inService) return;
      const failure = await groups.launchFailure(group, sinceMs);
      if (failure !== null) throw businessFailure('InsufficientCapacity', `Auto Scaling group ${group}: ${failure}`);
      throw retryableFailure('NotReadyYet', `${facts.inService} of ${inService} instances of ${group} serve`);
    },
    async lowerGroup({ owner, group, step, by }) {
      const found = await groups.describe(group).catch(nullIfNotFound);
      if (found === null) return;
      // First, so that it cannot run in between.
      if (by === null && (await groups.unschedule(group, actionOf(owner))) && isScheduled(shareOf(found, owner))) return groups.untag(group, tagOf(owner));
      const facts = by === null ? await groups.describe(group) : found;
      const { kind, share } = planLower(facts, shareOf(facts, owner), stepOf(owner, step), by ?? Infinity);
      if (share === null) return;
      if (kind === 'set') await set(owner, group, share);
      await keepOrForget(owner, group, share);
    },
    async scheduleGroup({ owner, group, step, by, atMs }) {
      const { desired, max } = await groups.describe(group);
      const to = Math.min(max, desired + by);
      if (to <= desired) throw businessFailure('InsufficientCapacity', `Auto Scaling group ${group} is at ${desired} of at most ${max}`);
      await groups.tag(group, tagOf(owner), writeShare({ step: `${SCHEDULED}${stepOf(owner, step)}`, from: desired, to, added: to - desired }, owner.workflowId));
      await groups.schedule(group, { name: actionOf(owner), atMs, desired: to });
    },
    async withdrawSchedule({ owner, group, step }) {
      if (await groups.unschedule(group, actionOf(owner))) return groups.untag(group, tagOf(owner));
      const facts = await groups.describe(group);
      if (!isScheduled(shareOf(facts, owner))) return;
      // It ran: from now on this is a raise like any other.
      await keepOrForget(owner, group, { step: stepOf(owner, step), from: facts.desired, to: facts.desired, added: raisedOf(facts, owner) });
    },
  };
}

function shareOf({ tags }: ScalingGroupFacts, owner: Owner): GroupShare | null {
  return readShare(tags[tagOf(owner)]);
}

function raisedOf(facts: ScalingGroupFacts, owner: Owner): number {
  return ownOf(facts.desired, shareOf(facts, owner));
}

function isScheduled(share: GroupShare | null): boolean {
  return share?.step.startsWith(SCHEDULED) ?? false;
}

/** A tag for each workflow, whichever of its runs it is: several may raise one group, and a run may have been terminated. */
function tagOf({ workflowId }: Owner): string {
  return `${RAISED_BY_TAG}:${digestOf(workflowId).slice(0, 12)}`;
}

function actionOf({ workflowId }: Owner): string {
  return `foreshift-${digestOf(workflowId).slice(0, 12)}`;
}

/** Runs count their steps anew. */
function stepOf({ runId }: Owner, step: string): string {
  return `${step}@${runId.slice(0, 8)}`;
}
