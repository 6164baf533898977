import type { ReservationRef } from '../contracts/migrate-instance';
import type { Owner } from '../contracts/migration-activities';
import type { TargetRung } from '../domain/target-ladder';

/** Targeted On-Demand Capacity Reservations. */
export interface ReservationPort {
  /** One instance's worth; the same reservation again when repeated. Throws `InsufficientCapacity`. */
  create(owner: Owner, rung: TargetRung, step: string): Promise<ReservationRef>;
  state(reservationId: string): Promise<string>;
  /** Ids of the run's reservations that still hold capacity. */
  findOwned(owner: Owner): Promise<readonly string[]>;
  cancel(reservationId: string): Promise<void>;
}
