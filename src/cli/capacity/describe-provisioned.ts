import type { ProvisionAcceptance, ProvisionReplicasResult } from '../../contracts/provision-replicas';
import { describeFailure } from '../describe-failure';

/** The early answer, for a reader. */
export function describeAcceptance(acceptance: ProvisionAcceptance): string {
  if (!acceptance.accepted) return `not accepted (${acceptance.error})`;
  const { count, shape, usdPerHour, expectedReadyAtMs, why } = acceptance;
  return `accepted: ${count} x ${shape}, ${usdPerHour.toFixed(4)} USD/h, expected to serve by ${new Date(expectedReadyAtMs).toISOString()}\n  ${why}`;
}

/** The final answer, for a reader. */
export function describeProvisioned(result: ProvisionReplicasResult): string {
  switch (result.kind) {
    case 'Provisioned': {
      const { replicas, complete, cost, notes } = result;
      return [
        `provisioned: ${replicas.length} replica(s)${complete ? '' : ', fewer than were chosen'}`,
        ...replicas.map(({ instanceId, shape, zone, usdPerHour }) => `  ${instanceId}  ${shape} in ${zone}  ${usdPerHour.toFixed(4)} USD/h`),
        `cost: ${cost.usdPerHourBefore.toFixed(4)} -> ${cost.usdPerHourAfter.toFixed(4)} USD/h; ${cost.oneOffUsd.toFixed(4)} USD until they served; ${cost.usdTotal.toFixed(2)} USD over the wanted time`,
        ...notes.map((note) => `  - ${note}`),
      ].join('\n');
    }
    case 'Released':
      return `released: ${result.instanceIds.length} replica(s) are gone; ${result.replaced} had been replaced (${result.reason})`;
    default:
      return describeFailure(result);
  }
}
