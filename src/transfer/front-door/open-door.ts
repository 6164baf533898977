import { HELD_LIMITS, type Door, type Upstream } from './door';
import { DoorClient } from './door-client';
import { FrontDoor } from './front-door';

/** Where requests come in, or the socket of a door that is a process of its own; and where the service answers behind it. */
export type DoorPlace = { readonly service: Upstream } & ({ readonly listen: Upstream } | { readonly socket: string });

/** A door within this process, or the hand on another's. */
export async function openDoor(place: DoorPlace): Promise<Door> {
  return 'socket' in place ? new DoorClient(place.socket) : FrontDoor.open({ listen: place.listen, upstream: place.service, ...HELD_LIMITS });
}
