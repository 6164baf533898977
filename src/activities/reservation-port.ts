import type { ReservationRef } from '../contracts/migrate-instance';
import type { Owner } from '../contracts/migration-activities';
import type { TargetRung } from '../domain/target-ladder';

/** Targeted On-Demand Capacity Reservations. */
export interface ReservationPort {
  /** One instance's worth; the same reservation again when repeated. Throws `InsufficientCapacity`. */
  create(owner: Owner, rung: Pick<TargetRung, 'zone' | 'shape'>, step: string): Promise<ReservationRef>;
  state(reservationId: string): Promise<string>;
  /** Ids of the run's reservations that still hold capacity. */
  findOwned(owner: Owner): Promise<readonly string[]>;
  /** Gives it the tags of another owner. */
  adopt(owner: Owner, reservationId: string): Promise<void>;
  cancel(reservationId: string): Promise<void>;
}
