import type { OwnedCapacity } from '../domain/owned-capacity';

/** Dedicated hosts and capacity reservations of the account, those of running migrations not among them. */
export interface OwnedCapacityPort {
  list(): Promise<readonly OwnedCapacity[]>;
}
