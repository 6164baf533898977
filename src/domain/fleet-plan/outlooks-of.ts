import type { MoveOutlook } from '../queue/adjust-moves';
import type { WeighedInstance } from './weigh-instance';

/** Less overload than this in the whole horizon threatens nothing; a move that has begun is not turned back for less than that. */
const THREAT_MINUTES = 1;

/**
 * What newly weighed instances mean for moves that run or wait: of each whether overload still threatens where it stays, how much a move averts, and when it is expected; and
 * whether another instance of its service is unhealthy, so that the others have enough to carry. None of an instance without a forecast.
 */
export function outlooksOf(instances: readonly WeighedInstance[]): MoveOutlook[] {
  const unhealthy = new Map<string, string[]>();
  for (const { service, instanceId, unhealthy: is } of instances) if (is) unhealthy.set(service, [...(unhealthy.get(service) ?? []), instanceId]);
  return instances.flatMap(({ instanceId, service, shape, sizing }) => {
    if (sizing.kind === 'unknown') return [];
    return [
      {
        instanceId,
        contended: sizing.stayOverloadMinutes >= THREAT_MINUTES,
        impactMinutes: Math.max(0, sizing.stayOverloadMinutes - sizing.bestOverloadMinutes),
        onsetAtMs: sizing.kind === 'resize' && sizing.target.usdPerHour > shape.usdPerHour ? Math.round(sizing.neededAtMs) : null,
        serviceDisturbed: (unhealthy.get(service) ?? []).some((one) => one !== instanceId),
      },
    ];
  });
}
