import type { CapacityReservation, CreateCapacityReservationRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../operation';
import { freeInPool } from './capacity';
import type { Cloud } from './cloud';
import type { CommitmentRecord, ReservationRecord } from './records';

const DAY_MS = 86_400_000;
const LONGEST_TIMER_MS = 2_147_483_647;
/** A delivery that is late is tried again. */
const RETRY_MS = 1_000;

/** Checks an order for a later date as EC2 does; undefined where it is for immediate use. */
export function readCommitment({ StartDate, CommitmentDuration, InstanceMatchCriteria, EndDate, InstanceType = '', InstanceCount = 0 }: CreateCapacityReservationRequest, vcpus: number): CommitmentRecord | undefined {
  if (StartDate === undefined && CommitmentDuration === undefined) return undefined;
  if (StartDate === undefined || CommitmentDuration === undefined || CommitmentDuration <= 0) throw invalid('StartDate and CommitmentDuration are required for a future-dated Capacity Reservation');
  const aheadMs = StartDate.getTime() - Date.now();
  // The request itself takes a moment.
  if (aheadMs < 5 * DAY_MS - 60_000 || aheadMs > 120 * DAY_MS) throw invalid('StartDate must be between 5 and 120 days in advance');
  if (InstanceMatchCriteria !== 'targeted') throw invalid('A future-dated Capacity Reservation must be targeted');
  if (!/^[cmritg]\d/.test(InstanceType)) throw invalid(`A future-dated Capacity Reservation is not supported for ${InstanceType}`);
  if (InstanceCount * vcpus < 32) throw invalid(`A future-dated Capacity Reservation has at least 32 vCPUs; ${InstanceCount} x ${InstanceType} have ${InstanceCount * vcpus}`);
  const durationMs = CommitmentDuration * 1_000;
  if (EndDate !== undefined && EndDate.getTime() < StartDate.getTime() + durationMs) throw invalid('EndDate must not be within the commitment duration');
  return { startAtMs: StartDate.getTime(), durationMs, endAtMs: undefined };
}

/** Assesses an order, which is refused where the pool has not so many now, and delivers it at its date. */
export function follow(cloud: Cloud, reservation: ReservationRecord, { startAtMs }: CommitmentRecord): void {
  cloud.timers.after(cloud.deps.delays.reservationPendingMs, () => {
    if (reservation.state !== 'assessing') return;
    reservation.state = freeInPool(cloud, reservation.zone, reservation.shape) < reservation.total ? 'unsupported' : 'scheduled';
    awaitStart(cloud, reservation, startAtMs);
  });
}

/** Its date has come: active, or delayed until there is room. */
export function deliver(cloud: Cloud, reservation: ReservationRecord): void {
  const { commitment, zone, shape, total } = reservation;
  if (commitment === undefined || (reservation.state !== 'scheduled' && reservation.state !== 'delayed')) return;
  if (freeInPool(cloud, zone, shape) < total) {
    reservation.state = 'delayed';
    cloud.timers.after(RETRY_MS, () => deliver(cloud, reservation));
    return;
  }
  // A delay waives the commitment.
  commitment.endAtMs = Date.now() + (reservation.state === 'delayed' ? 0 : commitment.durationMs);
  reservation.state = 'active';
}

/** Refuses to end what is still committed to. */
export function checkMayEnd({ id, state, commitment }: ReservationRecord): void {
  if (state === 'assessing' || commitment === undefined) return;
  if (state !== 'active' || Date.now() < (commitment.endAtMs ?? Infinity)) throw new AwsError('InvalidCapacityReservationState', `The Capacity Reservation '${id}' is ${state} and within its commitment duration: it cannot be cancelled or made smaller`);
}

/** Its start and its commitment, as Describe shows them. */
export function commitmentView({ commitment, total }: ReservationRecord): Partial<CapacityReservation> {
  if (commitment === undefined) return {};
  const { startAtMs, durationMs, endAtMs } = commitment;
  return { StartDate: new Date(startAtMs), DeliveryPreference: 'incremental', CommitmentInfo: { CommittedInstanceCount: total, CommitmentDuration: durationMs / 1_000, ...(endAtMs === undefined ? {} : { CommitmentEndDate: new Date(endAtMs) }) } };
}

function awaitStart(cloud: Cloud, reservation: ReservationRecord, startAtMs: number): void {
  cloud.timers.after(Math.min(Math.max(0, startAtMs - Date.now()), LONGEST_TIMER_MS), () => {
    if (Date.now() < startAtMs) awaitStart(cloud, reservation, startAtMs);
    else deliver(cloud, reservation);
  });
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
