import { randomUUID } from 'node:crypto';
import { createCompute } from '../../adapters/aws/compute';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import { nullIfNotFound } from '../../contracts/errors';
import { FLEET_TAG } from '../../contracts/workflow-ids';
import type { MoveRequest } from '../../domain/queue/move-request';
import { requestOfFacts } from '../../domain/queue/request-of-facts';
import { openAws } from '../open-aws';

export interface WantedMove extends Pick<MoveRequest, 'reason' | 'impactMinutes' | 'deadlineAtMs' | 'onlyIfContended' | 'zones' | 'shapes'> {
  readonly by: string;
}

/** An operator's request for an instance, with what EC2 says of it, and its fleet. */
export async function requestOfInstance(stackName: string, instanceId: string, { by, ...wanted }: WantedMove): Promise<{ readonly request: MoveRequest; readonly fleet: string | null }> {
  const { clients } = await openAws(stackName);
  const compute = createCompute(clients.ec2, createShapeCatalogue(clients));
  const facts = await compute.describe(instanceId);
  const shape = await compute.shape(facts.shape).catch(nullIfNotFound);
  const itemId = `operator/${randomUUID().slice(0, 8)}/${instanceId}`;
  return { request: requestOfFacts({ ...wanted, itemId, instanceId, notBeforeMs: 0, requestedBy: by, decisionId: null }, facts, shape), fleet: facts.tags[FLEET_TAG] ?? null };
}
