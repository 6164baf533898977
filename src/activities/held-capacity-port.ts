import type { ReservationRef } from '../contracts/migrate-instance';

export interface CapacityClaim {
  /** The same claim gets the same reservation. */
  readonly claimId: string;
  readonly by: string;
  readonly pool: string;
  readonly zone: string;
  readonly shape: string;
}

/** Capacity that workflows hold ahead of need. */
export interface HeldCapacityPort {
  /** A reservation that was held for the pool in this place and is the claimant's from now on; null where none is held. */
  claim(claim: CapacityClaim): Promise<ReservationRef | null>;
}
