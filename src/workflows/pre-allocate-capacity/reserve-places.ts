import { isNothing, uncarried } from '../../domain/capacity/shortfall';
import { say } from '../activity-proxies';
import { capacityRefusalOf } from '../capacity-refusal';
import { sentenceOf } from '../sentence-of';
import { bestPriceOf, mayAfford, type Acquire } from './hold-tools';

/** Reservations, rung by rung; each is one of one instance, so that it can be handed over and given back by itself. */
export const reservePlaces: Acquire = async (tools, search) => {
  const { hold, trail, region: { acts, waits }, pollMs } = tools;
  const { pool } = hold.input;
  let left = search.missing;
  for (const { zone, shape, option, rung } of search.ladder) {
    while (!isNothing(left) && hold.held.length < search.maximum && mayAfford(tools, shape, option.usdPerHour)) {
      try {
        const { reservationId } = await say(acts.holdCapacity, `Hold ${shape} in ${zone} for ${pool}`, { owner: hold.owner, rung: { zone, shape }, step: `hold-${hold.nextStep()}`, pool });
        await say(waits(pollMs).awaitReservation, `Wait until ${reservationId} is active`, { reservationId });
        const { usdPerHour, vcpus, memoryMiB } = option;
        hold.add({ kind: 'reservation', id: reservationId, zone, shape, usdPerHour, vcpus, memoryMiB, bestUsdPerHour: bestPriceOf(search, vcpus, usdPerHour), sinceMs: Date.now(), rung });
        await trail.record('decision', `${reservationId} is held for ${pool}`, { reason: `${shape} in ${zone} (${rung})`, detail: { reservationId, zone, shape } });
        left = uncarried(left, [option], search.targetUtilizationRatio);
      } catch (error) {
        if (capacityRefusalOf(error) === null) throw error;
        hold.refuse(`${shape} in ${zone}: ${sentenceOf(error)}`);
        await trail.record('refusal', `no room: ${shape} in ${zone}`, { reason: sentenceOf(error) });
        break;
      }
    }
  }
  return left;
};
