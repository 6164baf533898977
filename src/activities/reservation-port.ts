import type { ReservationRef } from '../contracts/migrate-instance';
import type { Owner } from '../contracts/migration-activities';
import type { TargetRung } from '../domain/target-ladder';

/** What a reservation is to its owner; default: the role `reservation` and no more tags. */
export interface ReservationLabels {
  readonly role: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Targeted On-Demand Capacity Reservations. */
export interface ReservationPort {
  /** One instance's worth; the same reservation again when repeated. Throws `InsufficientCapacity`. */
  create(owner: Owner, rung: Pick<TargetRung, 'zone' | 'shape'>, step: string, labels?: ReservationLabels): Promise<ReservationRef>;
  state(reservationId: string): Promise<string>;
  /** Ids of the run's reservations that still hold capacity. */
  findOwned(owner: Owner): Promise<readonly string[]>;
  /** Workflows that hold a live reservation for the pool in this place. */
  findHolders(pool: string, zone: string, shape: string): Promise<readonly string[]>;
  /** Gives it the tags of another owner. */
  adopt(owner: Owner, reservationId: string): Promise<void>;
  cancel(reservationId: string): Promise<void>;
}
