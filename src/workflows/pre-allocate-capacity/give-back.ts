import { sleep } from '@temporalio/workflow';
import { meansOf } from '../../domain/capacity/hold-means';
import { say } from '../activity-proxies';
import { retireReplicas } from '../bring-into-service';
import { undos } from '../capacity-proxies';
import { sentenceOf } from '../sentence-of';
import { UndoStack } from '../undo-stack';
import type { Hold } from './hold';

/** Who was handed a reservation puts its own tags on it within so many polls, or will not any more. */
const ADOPTION_POLLS = 24;

/**
 * Gives back all that may be held, by its owner's tags and not by what the workflow knows: an answer may have been lost. What was handed over a moment ago is its new owner's, which may not
 * have put its tags on it yet.
 *
 * @returns what is left for an operator
 */
export async function giveBackAll(hold: Hold, pollMs: number): Promise<string[]> {
  const { owner, input } = hold;
  const { pool, autoScalingGroup: group } = input;
  const means = meansOf(input);
  const fresh = hold.handedOver.filter(({ atMs }) => Date.now() - atMs < ADOPTION_POLLS * pollMs).map(({ reservation }) => reservation.id);
  const undo = new UndoStack();
  undo.push(`capacity held for ${pool} could not be given back`, async () => {
    await say(undos.releaseHeld, 'Give back what is held', { owner, except: fresh });
    hold.remove(hold.heldAs('reservation').map(({ id }) => id));
    if (fresh.length === 0) return;
    await sleep(ADOPTION_POLLS * pollMs);
    await say(undos.releaseHeld, 'Give back what nobody took over', { owner, except: [] });
  });
  if (group !== undefined) {
    undo.push(`Auto Scaling group ${group} could not be lowered by what was added`, async () => {
      await say(undos.lowerGroup, `Lower ${group} by what was added`, { owner, group, step: `release-${hold.nextStep()}`, by: null });
      hold.remove(hold.heldAs('group').map(({ id }) => id));
      hold.note({ scheduled: null });
    });
  }
  if (means.includes('launch') || means.includes('spot')) {
    undo.push(`instances launched for ${pool} could not be ended`, async () => {
      const running = await say(undos.findHeldInstances, 'Which instances run for it?', { owner });
      await Promise.all(running.map(({ instanceId, targetGroups }) => retireReplicas([instanceId], targetGroups)));
      hold.remove(hold.heldAs('instance').map(({ id }) => id));
    });
  }
  if (hold.input.futureDated === true) {
    undo.push(`what was ordered for ${pool} could not be settled`, async () => {
      const staying = await say(undos.settleOrders, 'Cancel what was ordered, where that may be', { owner });
      for (const reservationId of staying) hold.refuse(`${reservationId} is committed to and stays until its commitment ends; then EC2 ends it`);
      hold.remove(hold.heldAs('committed').map(({ id }) => id));
    });
  }
  const failed = await undo.unwind(() => undefined);
  const leftovers = await say(undos.listLeftovers, 'Is anything left over?', { owner }).catch((error: unknown) => [`it is unknown whether anything is left over: ${sentenceOf(error)}`]);
  return [...failed, ...leftovers, ...hold.doubts];
}
