import { DEFAULT_PLAN_POLICY } from '../fleet-plan/plan-policy';
import { usualMoveUsd } from '../fleet-plan/usual-move-usd';
import { serviceOf } from '../service-of';
import type { Shape } from '../shape';
import { slaClassOf } from '../sla-class-of';
import type { MoveRequest } from './move-request';

/** What somebody says who wants an instance moved. */
export type WantedMove = Pick<MoveRequest, 'itemId' | 'instanceId' | 'reason' | 'requestedBy' | 'decisionId' | 'impactMinutes' | 'notBeforeMs' | 'deadlineAtMs' | 'onlyIfContended' | 'zones' | 'shapes'>;

/** A request for the queue, with what EC2 says of the instance: its service, class, zone and cost. `shape` null: the catalogue does not have it. */
export function requestOfFacts(wanted: WantedMove, { tags, zone }: { readonly tags: Readonly<Record<string, string>>; readonly zone: string }, shape: Shape | null): MoveRequest {
  const slaClass = slaClassOf(tags);
  return {
    ...wanted,
    name: tags['Name'] ?? wanted.instanceId,
    service: serviceOf(tags),
    slaClass,
    sourcePool: zone,
    targetPool: wanted.zones[0] ?? null,
    costUsd: shape === null ? 0 : usualMoveUsd(shape, slaClass, DEFAULT_PLAN_POLICY),
  };
}
