import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import type { GroupSight } from '../../contracts/capacity-activities';
import { uncarried, unitsFor } from '../../domain/capacity/shortfall';
import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import { bestPriceOf, mayAfford, type Acquire, type HoldTools, type Search } from './hold-tools';

/** Raises the desired capacity of the pool's Auto Scaling group by what is missing, and keeps what came of it. */
export const raiseGroup: Acquire = async (tools, search) => {
  const { hold, trail, region: { acts, undos, waits }, pollMs } = tools;
  const { autoScalingGroup: group = '', pool } = hold.input;
  const { owner } = hold;
  try {
    const before = await say(acts.lookAtGroup, `Look at ${group}`, { owner, group });
    const by = affordable(tools, search, before);
    if (by === 0) return search.missing;
    const sinceMs = Date.now();
    const step = `raise-${hold.nextStep()}`;
    const { added, desired } = await say(acts.raiseGroup, `Raise ${group} by ${by} for ${pool}`, { owner, group, step, by });
    await trail.record('decision', `${group} is raised from ${desired - added} to ${desired} for ${pool}`, { reason: `${before.shape}, ${before.warm ?? 'no'} in its warm pool`, detail: before });
    if (added < by) hold.refuse(`${group}: its maximum leaves room for ${added} of ${by}`);
    await say(waits(pollMs).awaitGroup, `Wait until ${desired} serve`, { group, inService: desired, sinceMs }).catch(async (error: unknown) => {
      if (isCancellation(error)) throw error;
      hold.refuse(`${group}: ${sentenceOf(error)}`);
      await trail.record('refusal', `no room: ${group}`, { reason: sentenceOf(error) });
      // What its zones have no room for must not come later, when somewhere else has it.
      const { inService } = await say(acts.lookAtGroup, `What of it came?`, { owner, group });
      const short = Math.min(added, desired - inService);
      if (short > 0) await say(undos.lowerGroup, `Lower ${group} by ${short}`, { owner, group, step: `lower-${hold.nextStep()}`, by: short });
    });
    const after = await matchGroup(tools, search);
    return uncarried(search.missing, Array.from({ length: Math.max(0, after.own - before.own) }, () => after), search.targetUtilizationRatio);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    hold.refuse(`${group}: ${sentenceOf(error)}`);
    if (error.cause instanceof ApplicationFailure && error.cause.type === 'Conflict') hold.doubt(sentenceOf(error));
    await trail.record('refusal', `${group} cannot be raised`, { reason: sentenceOf(error) });
    return search.missing;
  }
};

/** What the hold counts of the group becomes what the group's own tag says: somebody may have lowered it, or an answer was lost. */
export async function matchGroup({ hold, region: { acts } }: HoldTools, search: Pick<Search, 'ladder'>): Promise<GroupSight> {
  const { autoScalingGroup: group = '' } = hold.input;
  const sight = await say(acts.lookAtGroup, `Look at ${group}`, { owner: hold.owner, group });
  const held = hold.heldAs('group');
  const { shape, vcpus, memoryMiB, usdPerHour } = sight;
  if (held.length > sight.own) {
    hold.remove(held.slice(sight.own).map(({ id }) => id));
    hold.refuse(`${group}: ${held.length - sight.own} of what was added was taken out by somebody else, or did not come`);
  }
  for (let more = held.length; more < sight.own; more += 1) {
    const bestUsdPerHour = bestPriceOf({ ...search, missing: sight, maximum: 0, targetUtilizationRatio: 1 }, vcpus, usdPerHour);
    hold.add({ kind: 'group', id: `${group}+${hold.nextStep()}`, zone: sight.zones.join(', '), shape, usdPerHour, vcpus, memoryMiB, bestUsdPerHour, sinceMs: Date.now(), rung: 'auto-scaling' });
  }
  return sight;
}

function affordable(tools: HoldTools, { missing, maximum, targetUtilizationRatio }: Search, sight: GroupSight): number {
  const wanted = Math.min(unitsFor(missing, sight, targetUtilizationRatio), maximum - tools.hold.held.length);
  let by = 0;
  while (by < wanted && mayAfford(tools, sight.shape, sight.usdPerHour * (by + 1))) by += 1;
  return by;
}
