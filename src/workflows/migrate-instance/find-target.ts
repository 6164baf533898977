import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import type { MatchedNetwork } from '../../domain/region/match-network';
import type { SourceSnapshot } from '../../domain/source-snapshot';
import { say } from '../activity-proxies';
import { findRegionQueue } from '../find-region';
import { Refusal } from '../refusal';
import type { Migration } from './migration';
import { placeOf } from './place';
import type { Place } from './place';

interface Target {
  readonly kind: 'Target';
  readonly there: Place;
  /** Null where it stays in the source's region, and so in its network. */
  readonly network: MatchedNetwork | null;
}

/** The region that the shadow will live in and its network there; or why it cannot. Reads only. */
export async function findTarget(migration: Migration, source: SourceSnapshot): Promise<Target | Extract<MigrateInstanceResult, { kind: 'Refused' }>> {
  const { input, policy, here } = migration;
  const { region } = input;
  if (region === undefined || region === source.region) return { kind: 'Target', there: here, network: null };
  if (source.region === undefined) return { kind: 'Refused', error: 'Unavailable', reasons: [`the worker that read ${input.instanceId} is of an older version and knows no other region: ask again when it is replaced`] };
  if (source.traffic !== null) return { kind: 'Refused', error: 'Conflict', reasons: [behindBalancer(source.instanceId, region, source.traffic.targetGroupName)] };
  try {
    const there = placeOf(policy.pollMs, { region, fromRegion: source.region }, await findRegionQueue(region));
    return { kind: 'Target', there, network: await say(there.acts.matchNetwork, `Network, groups and key of the same names in ${region}`, { source, region }) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'Refused', error: error.type, reasons: error.reasons };
    throw error;
  }
}

function behindBalancer(instanceId: string, region: string, group: string): string {
  return `${instanceId} is in the target group ${group}, and a load balancer serves its own region only: provision replicas in ${region} behind a balancer there, move the traffic by DNS, and then take ${instanceId} out of its group`;
}
