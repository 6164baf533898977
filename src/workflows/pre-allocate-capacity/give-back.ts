import { patched, sleep } from '@temporalio/workflow';
import type { Owner } from '../../contracts/migration-activities';
import { everyRunOf } from '../../contracts/workflow-ids';
import { say } from '../activity-proxies';
import { asFarAsKnown } from '../as-far-as-known';
import { retireReplicas } from '../bring-into-service';
import type { RegionProxies } from '../capacity-proxies';
import { Refusal } from '../refusal';
import { UndoStack } from '../undo-stack';
import type { Hold } from './hold';

/** Who was handed a reservation puts its own tags on it within so many polls, or will not any more. */
const ADOPTION_POLLS = 24;
/** Older histories went on with the first instance that could not be ended. */
const END_THE_OTHERS_TOO = 'end-the-others-too';

/**
 * A run that was terminated gave nothing back. The id is the lock: no other run of it holds anything.
 *
 * @throws Refusal where it ordered what cannot be cancelled, and the same would be ordered again
 */
export async function giveBackEarlier({ owner: { workflowId }, input }: Hold, region: RegionProxies): Promise<void> {
  const owner = everyRunOf(workflowId);
  await endInstances(owner, region);
  if (input.autoScalingGroup !== undefined) await lower(owner, region, input.autoScalingGroup, 'release-earlier');
  // First: what cannot be cancelled loses the owner's tags, by which the rest is found.
  const staying = await say(region.undos.settleOrders, 'Cancel what an earlier run ordered, where that may be', { owner });
  await say(region.undos.releaseHeld, 'Give back what an earlier run held', { owner, except: [] });
  // To order once more is to pay twice.
  if (staying.length > 0 && input.futureDated === true) throw new Refusal('Conflict', [`${staying.join(', ')} was ordered by an earlier run, is committed to and the account's own now; ask without futureDated for what it does not carry`]);
}

/**
 * Gives back all that may be held, by its owner's tags and not by what the workflow knows: an answer may have been lost, and an act of a run that was terminated may have had its effect after this one began. What was handed over a moment ago is its new owner's, which may not
 * have put its tags on it yet. What fails does not stop the rest.
 *
 * @returns what is left for an operator
 */
export async function giveBackAll(hold: Hold, region: RegionProxies, pollMs: number): Promise<string[]> {
  const { undos } = region;
  const { input } = hold;
  const owner = everyRunOf(hold.owner.workflowId);
  const { pool, autoScalingGroup: group } = input;
  const fresh = hold.handedOver.filter(({ atMs }) => Date.now() - atMs < ADOPTION_POLLS * pollMs).map(({ reservation }) => reservation.id);
  const undo = new UndoStack();
  undo.push(`capacity held for ${pool} could not be given back`, async () => {
    await say(undos.releaseHeld, 'Give back what is held', { owner, except: fresh });
    hold.remove(hold.heldAs('reservation').map(({ id }) => id));
    if (fresh.length === 0) return;
    await sleep(ADOPTION_POLLS * pollMs);
    await say(undos.releaseHeld, 'Give back what nobody took over', { owner, except: [] });
  });
  if (input.futureDated === true) {
    undo.push(`what was ordered for ${pool} could not be settled`, async () => {
      const staying = await say(undos.settleOrders, 'Cancel what was ordered, where that may be', { owner });
      for (const reservationId of staying) hold.refuse(`${reservationId} is committed to and stays until its commitment ends; then EC2 ends it`);
      hold.remove(hold.heldAs('committed').map(({ id }) => id));
    });
  }
  if (group !== undefined) {
    undo.push(`Auto Scaling group ${group} could not be lowered by what was added`, async () => {
      await lower(owner, region, group, `release-${hold.nextStep()}`);
      hold.remove(hold.heldAs('group').map(({ id }) => id));
      hold.note({ scheduled: null });
    });
  }
  undo.push(`instances launched for ${pool} could not be ended`, async () => {
    await endInstances(owner, region);
    hold.remove(hold.heldAs('instance').map(({ id }) => id));
  });
  const failed = await undo.unwind(() => undefined);
  const leftovers = await asFarAsKnown(say(undos.listLeftovers, 'Is anything left over?', { owner }));
  return [...failed, ...leftovers, ...hold.doubts];
}

async function lower(owner: Owner, { undos }: RegionProxies, group: string, step: string): Promise<void> {
  await say(undos.lowerGroup, `Lower ${group} by what was added`, { owner, group, step, by: null });
}

async function endInstances(owner: Owner, region: RegionProxies): Promise<void> {
  const running = await say(region.undos.findHeldInstances, 'Which instances run for it?', { owner });
  const ends = running.map(({ instanceId, targetGroups }) => retireReplicas({ region }, [instanceId], targetGroups));
  try {
    await Promise.all(ends);
  } catch (error) {
    // The others must come to their end: what is told to be left would be ended behind the operator's back, or cut off on the way.
    if (patched(END_THE_OTHERS_TOO)) await Promise.allSettled(ends);
    throw error;
  }
}
