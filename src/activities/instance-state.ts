import { nullIfNotFound } from '../contracts/errors';
import type { ComputePort } from './compute-port';

/** EC2's state name of an instance. EC2 forgets a terminated one after about an hour, and a worker may have been away for longer: what it does not know is terminated. */
export async function stateOf(compute: Pick<ComputePort, 'describe'>, instanceId: string): Promise<string> {
  return (await compute.describe(instanceId).catch(nullIfNotFound))?.state ?? 'terminated';
}
