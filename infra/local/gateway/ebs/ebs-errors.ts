import { AwsError } from '../operation';

/** A refusal of the EBS direct APIs for a bad parameter. */
export function invalid(reason: string, message: string): AwsError {
  return new AwsError('ValidationException', message, 400, { Reason: reason });
}

/** A refusal for a snapshot that does not exist. */
export function snapshotNotFound(id: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The snapshot '${id}' does not exist.`, 404, { Reason: 'SNAPSHOT_NOT_FOUND' });
}
