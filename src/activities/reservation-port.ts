import type { ReservationRef } from '../contracts/migrate-instance';
import type { Owner } from '../contracts/migration-activities';
import type { FutureOrder } from '../domain/capacity/future-dated';
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
  /** For a later date: not to be cancelled before its commitment ends, when it ends by itself. The same one again when repeated. */
  order(owner: Owner, order: FutureOrder, step: string, labels: ReservationLabels): Promise<{ readonly reservationId: string; readonly state: string }>;
  /** What the run ordered and is not over. */
  findOrdered(owner: Owner): Promise<readonly { readonly reservationId: string; readonly state: string }[]>;
  /** Whether it was ordered for a later date, and so cannot be cancelled at will. */
  isCommitted(reservationId: string): Promise<boolean>;
  /** Takes the owner's tags off. */
  disown(reservationId: string): Promise<void>;
}
