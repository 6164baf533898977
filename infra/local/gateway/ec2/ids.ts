import { randomBytes } from 'node:crypto';
import { AwsError } from '../operation';

/** A new resource id such as `i-0123456789abcdef0`. */
export function newId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

/** How AWS names the errors of one kind of resource. */
export interface IdErrors {
  readonly prefix: string;
  readonly malformed: string;
  readonly notFound: string;
  readonly noun: string;
}

export const ID_ERRORS = {
  instance: { prefix: 'i', malformed: 'InvalidInstanceID.Malformed', notFound: 'InvalidInstanceID.NotFound', noun: 'instance ID' },
  volume: { prefix: 'vol', malformed: 'InvalidVolumeID.Malformed', notFound: 'InvalidVolume.NotFound', noun: 'volume' },
  snapshot: { prefix: 'snap', malformed: 'InvalidSnapshotID.Malformed', notFound: 'InvalidSnapshot.NotFound', noun: 'snapshot' },
  image: { prefix: 'ami', malformed: 'InvalidAMIID.Malformed', notFound: 'InvalidAMIID.NotFound', noun: 'image id' },
  host: { prefix: 'h', malformed: 'InvalidHostID.Malformed', notFound: 'InvalidHostID.NotFound', noun: 'host ID' },
  reservation: {
    prefix: 'cr',
    malformed: 'InvalidCapacityReservationId.Malformed',
    notFound: 'InvalidCapacityReservationId.NotFound',
    noun: 'Capacity Reservation ID',
  },
} satisfies Record<string, IdErrors>;

/** Refuses text that cannot be an id of this kind. */
export function checkIdForm(id: string, errors: IdErrors): void {
  if (new RegExp(`^${errors.prefix}-[0-9a-f]{8,17}$`).test(id)) return;
  throw new AwsError(errors.malformed, `Invalid id: "${id}" (expecting "${errors.prefix}-...")`);
}

/** The error for an id of the right form that names nothing. */
export function notFound(id: string, errors: IdErrors): AwsError {
  return new AwsError(errors.notFound, `The ${errors.noun} '${id}' does not exist`);
}
