import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { TargetRung } from '../../domain/target-ladder';
import { say } from '../activity-proxies';
import { NoCapacity, capacityRefusalOf } from '../capacity-refusal';
import type { PlannedMigration, Reserved } from './migration';
import { sentenceOf } from '../sentence-of';
import { releaseOnWayBack } from './ways-back';

/** Reserves one instance on the first rung that has room for it. */
export async function reserveCapacity(migration: PlannedMigration): Promise<Reserved> {
  const { owner, plan, progress, source, there } = migration;
  releaseOnWayBack(migration);
  const ahead = await takeOver(migration);
  if (ahead !== null) return ahead;
  const refused: string[] = [];
  for (const [i, rung] of plan.rungs.entries()) {
    const place = `${rung.shape} in ${rung.zone}`;
    try {
      progress.note(`trying ${place}`);
      if (rung.into !== undefined) return await useOwned(migration, { ...rung, into: rung.into });
      const reservation = await say(there.acts.reserveCapacity, `Reserve ${place}`, { owner, rung, step: `reserve-${i}`, service: source.service });
      await say(there.waiting.awaitReservation, `Wait until ${reservation.reservationId} is active`, { reservationId: reservation.reservationId });
      progress.reservation = reservation;
      progress.note(`${reservation.reservationId}: ${place}${i === 0 ? '' : `, rung ${i + 1}`}`);
      return { rung, reservation };
    } catch (error) {
      if (capacityRefusalOf(error) === null) throw error;
      refused.push(`${place}: ${sentenceOf(error)}`);
      await progress.audit('refusal', `rung ${i + 1} of ${plan.rungs.length} has no room: ${place}`, { reason: sentenceOf(error), detail: rung });
    }
  }
  throw new NoCapacity(refused);
}

/** Capacity that the account has: a reservation of an operator's is used, and never released here; a host needs none. */
async function useOwned({ progress, there }: PlannedMigration, rung: TargetRung & Required<Pick<TargetRung, 'into'>>): Promise<Reserved> {
  const { kind, capacityId } = rung.into;
  progress.note(`${capacityId}: ${rung.shape} in ${rung.zone}, capacity of the account's own`);
  if (kind === 'host') return { rung, reservation: null };
  await say(there.waiting.awaitReservation, `Look whether ${capacityId} is active`, { reservationId: capacityId });
  return { rung, reservation: { reservationId: capacityId, zone: rung.zone, shape: rung.shape } };
}

/** Uses the capacity that was asked for ahead of time, where the plan on fresh data still wants that place. */
async function takeOver({ input: { reservation }, owner, plan, progress, there }: PlannedMigration): Promise<Reserved | null> {
  const rung = reservation === undefined ? undefined : plan.rungs.find(({ zone, shape }) => zone === reservation.zone && shape === reservation.shape);
  if (reservation === undefined || rung === undefined) return null;
  try {
    await say(there.acts.adoptReservation, `Take over ${reservation.reservationId}`, { owner, reservationId: reservation.reservationId });
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    await progress.audit('refusal', `${reservation.reservationId} cannot be taken over`, { reason: sentenceOf(error), detail: reservation });
    return null;
  }
  progress.reservation = reservation;
  progress.note(`${reservation.reservationId}: ${rung.shape} in ${rung.zone}, reserved ahead of time`);
  return { rung, reservation };
}
