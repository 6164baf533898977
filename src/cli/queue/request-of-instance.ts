import { randomUUID } from 'node:crypto';
import { createCompute } from '../../adapters/aws/compute';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import { nullIfNotFound } from '../../contracts/errors';
import { FLEET_TAG } from '../../contracts/workflow-ids';
import { DEFAULT_PLAN_POLICY } from '../../domain/fleet-plan/plan-policy';
import { usualMoveUsd } from '../../domain/fleet-plan/usual-move-usd';
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
  const compute = createCompute(clients.ec2, createShapeCatalogue(clients));
  const { tags, zone, shape: shapeName } = await compute.describe(instanceId);
  const slaClass = slaClassOf(tags);
  const shape = await compute.shape(shapeName).catch(nullIfNotFound);
  const request: MoveRequest = {
    itemId: `operator/${randomUUID().slice(0, 8)}/${instanceId}`,
    instanceId,
    name: tags['Name'] ?? instanceId,
    service: serviceOf(tags),
    slaClass,
    sourcePool: zone,
    targetPool: wanted.zones[0] ?? null,
    notBeforeMs: 0,
    costUsd: shape === null ? 0 : usualMoveUsd(shape, slaClass, DEFAULT_PLAN_POLICY),
    requestedBy: by,
    decisionId: null,
    ...wanted,
  };
  return { request, fleet: tags[FLEET_TAG] ?? null };
}
