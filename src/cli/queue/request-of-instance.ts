import { randomUUID } from 'node:crypto';
import { createCompute } from '../../adapters/aws/compute';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import { FLEET_TAG } from '../../contracts/workflow-ids';
import type { MoveRequest } from '../../domain/queue/move-request';
import { serviceOf } from '../../domain/service-of';
import { slaClassOf } from '../../domain/sla-class-of';
import { openAws } from '../open-aws';

export interface WantedMove extends Pick<MoveRequest, 'reason' | 'impactMinutes' | 'deadlineAtMs' | 'onlyIfContended' | 'zones' | 'shapes'> {
  readonly by: string;
}

/** An operator's request for an instance, with what EC2 says of it: its service, class, zone and fleet. */
export async function requestOfInstance(stackName: string, instanceId: string, { by, ...wanted }: WantedMove): Promise<{ readonly request: MoveRequest; readonly fleet: string | null }> {
  const { clients } = await openAws(stackName);
  const { tags, zone } = await createCompute(clients.ec2, createShapeCatalogue(clients)).describe(instanceId);
  const request: MoveRequest = {
    itemId: `operator/${randomUUID().slice(0, 8)}/${instanceId}`,
    instanceId,
    name: tags['Name'] ?? instanceId,
    service: serviceOf(tags),
    slaClass: slaClassOf(tags),
    sourcePool: zone,
    targetPool: wanted.zones[0] ?? null,
    notBeforeMs: 0,
    costUsd: 0,
    requestedBy: by,
    decisionId: null,
    ...wanted,
  };
  return { request, fleet: tags[FLEET_TAG] ?? null };
}
