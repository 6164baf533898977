import { businessFailure } from '../contracts/errors';
import type { MigrationActivities, VolumeDelta } from '../contracts/migration-activities';
import { matchNetwork } from '../domain/region/match-network';
import type { DiskPort } from './disk-port';
import type { NetworkPort } from './network-port';

type RegionMoveActivities = Pick<MigrationActivities, 'matchNetwork' | 'copyImage' | 'copySnapshots'>;

export interface RegionMoveDependencies {
  readonly disks: DiskPort;
  /** Those of a region; without one, of the worker's own. */
  readonly networksIn: (region?: string) => NetworkPort;
}

/** What the workers of a region do so that an instance of another one can live there. */
export function createRegionMoveActivities({ disks, networksIn }: RegionMoveDependencies): RegionMoveActivities {
  return {
    async matchNetwork({ source: { vpcId, securityGroupIds, keyName = null, region }, region: wanted }) {
      const names = { ...(await networksIn(region).namesOf(vpcId, securityGroupIds)), keyName };
      const match = matchNetwork(names, await networksIn().candidates(names));
      if ('problem' in match) throw businessFailure('InvalidInput', `region is ${wanted}: ${match.problem}`);
      return match;
    },
    async copyImage({ owner, imageId, ...origin }) {
      return { imageId: await disks.copyImage(owner, imageId, origin) };
    },
    async copySnapshots({ owner, deltas, round, ...origin }) {
      const copied: VolumeDelta[] = [];
      // One after the other: where one is refused none is begun behind the attempt's back, which the next attempt would not see.
      for (const delta of deltas.filter(({ changedBytes }) => changedBytes > 0)) {
        copied.push({ ...delta, snapshotId: await disks.copySnapshot(owner, delta.snapshotId, origin, `copy-${round}-${delta.device}`) });
      }
      return copied;
    },
  };
}
