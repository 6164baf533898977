import { chooseReservations } from '../../domain/queue/choose-reservations';
import type { AheadRequest } from '../../domain/queue/choose-reservations';
import { noteReservation } from '../../domain/queue/move-events';
import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import { releasing, reserving } from './activities';
import type { Queue } from './queue';

/** Asks for capacity where a planned move's time is near, and gives back what no move will use. */
export async function reserveAhead(queue: Queue): Promise<void> {
  const { reserve, release } = chooseReservations(queue.state, queue.policy, queue.openIntervals, Date.now());
  for (const itemId of release) {
    queue.state = noteReservation(queue.state, itemId, 'none');
    queue.releases.push(itemId);
  }
  for (const request of reserve) await askFor(queue, request);
}

async function askFor(queue: Queue, { itemId, zone, shape }: AheadRequest): Promise<void> {
  const { instanceId = '', service } = queue.state.queued.find(({ request }) => request.itemId === itemId)?.request ?? {};
  try {
    const reservation = await say(reserving.reserveCapacity, `Reserve ${shape} in ${zone} ahead of time`, { owner: ownerOf(queue, itemId), rung: { zone, shape }, step: 'ahead', ...(service === undefined ? {} : { service }) });
    // It may have ended, or begun, while AWS was asked.
    if (queue.state.queued.some(({ request }) => request.itemId === itemId)) queue.state = noteReservation(queue.state, itemId, reservation);
    else queue.releases.push(itemId);
    queue.journal.tell({ kind: 'decision', summary: `capacity for ${itemId} is reserved ahead of time`, reason: `${shape} in ${zone}`, instanceId, detail: reservation });
  } catch (error) {
    queue.state = noteReservation(queue.state, itemId, 'none');
    // Its answer may only have been lost.
    queue.releases.push(itemId);
    queue.journal.tell({ kind: 'refusal', summary: `no capacity for ${itemId} ahead of time: ${shape} in ${zone}`, reason: sentenceOf(error), instanceId });
  }
}

/** Gives back what the queue still owns of an item's capacity: nothing where the migration took it over. Runs beside the turns. */
export async function releaseAhead(queue: Queue): Promise<void> {
  for (let itemId = queue.releases.shift(); itemId !== undefined; itemId = queue.releases.shift()) {
    try {
      await say(releasing.releaseReservations, `Give back what was reserved for ${itemId}`, { owner: ownerOf(queue, itemId) });
    } catch (error) {
      queue.journal.tell({ kind: 'failure', summary: `capacity that was reserved for ${itemId} could not be given back`, reason: sentenceOf(error) });
    }
  }
}

/** The queue, and the item in the place of a run: the tags that tell this capacity from all other. */
function ownerOf({ id }: Queue, itemId: string): { workflowId: string; runId: string } {
  return { workflowId: id, runId: itemId };
}
