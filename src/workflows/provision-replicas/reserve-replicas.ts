import { isCarried, nextPlace, placeKey } from '../../domain/capacity/next-place';
import type { Place, PlaceSearch } from '../../domain/capacity/next-place';
import type { ReservationRef } from '../../contracts/migrate-instance';
import { say } from '../activity-proxies';
import { NoCapacity, capacityRefusalOf } from '../capacity-refusal';
import { sentenceOf } from '../sentence-of';
import type { ProvisionRun } from './provision-run';

/** One instance's worth of capacity that is reserved. */
export interface HeldPlace extends Place {
  readonly reservation: ReservationRef;
  readonly atMs: number;
}

export interface HeldCapacity {
  readonly held: readonly HeldPlace[];
  /** Whether all of what was wanted is held, and what was refused on the way. */
  readonly complete: boolean;
  readonly refused: readonly string[];
}

/**
 * Reserves place after place until the demand is carried or no place is left: the best shape in every zone, then the next shape. Each is one
 * reservation of one instance, so that many requests at once take what there is one by one and none takes more than it asked for.
 *
 * The undo for what is reserved stands already. @throws NoCapacity where it is fewer than the minimum
 */
export async function reserveReplicas(run: ProvisionRun, { service, minimum, ...search }: Omit<PlaceSearch, 'held' | 'exhausted'> & { readonly service: string; readonly minimum: number }): Promise<HeldCapacity> {
  const { owner, story, policy, nextStep, region: { acts, waits } } = run;
  const waiting = waits(policy.pollMs);
  const held: HeldPlace[] = [];
  const refused: string[] = [];
  const exhausted = new Set<string>();
  for (let place = nextPlace({ ...search, held, exhausted }); place !== null; place = nextPlace({ ...search, held, exhausted })) {
    const where = placeKey(place.shape, place.zone);
    try {
      story.note(`${held.length} reserved; trying ${where}`);
      const reservation = await say(acts.reserveCapacity, `Reserve ${where}`, { owner, rung: { zone: place.zone, shape: place.shape }, step: `replica-${nextStep()}`, service });
      await say(waiting.awaitReservation, `Wait until ${reservation.reservationId} is active`, { reservationId: reservation.reservationId });
      held.push({ ...place, reservation, atMs: Date.now() });
    } catch (error) {
      const refusal = capacityRefusalOf(error);
      if (refusal === null) throw error;
      refused.push(`${where}: ${sentenceOf(error)}`);
      // A quota is the region's: another zone has no other.
      for (const { zone } of refusal === 'QuotaExceeded' ? search.zones : [place]) exhausted.add(placeKey(place.shape, zone));
      await story.trail.record('refusal', `no room: ${where}`, { reason: sentenceOf(error), detail: place });
    }
  }
  if (held.length < minimum) throw new NoCapacity(refused.length > 0 ? refused : ['no shape within the budget is offered in the wanted zones']);
  story.note(`${held.length} reserved: ${held.map(({ shape, zone, reservation }) => `${reservation.reservationId} (${placeKey(shape, zone)})`).join(', ')}`);
  return { held, complete: isCarried(search.options, held), refused };
}
