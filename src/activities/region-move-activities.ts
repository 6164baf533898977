import { businessFailure } from '../contracts/errors';
import type { MigrationActivities } from '../contracts/migration-activities';
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
    async copyImage({ owner, imageId, fromRegion }) {
      return { imageId: await disks.copyImage(owner, imageId, fromRegion) };
    },
    async copySnapshots({ owner, deltas, fromRegion, round }) {
      const changed = deltas.filter(({ changedBytes }) => changedBytes > 0);
      return Promise.all(changed.map(async (delta) => ({ ...delta, snapshotId: await disks.copySnapshot(owner, delta.snapshotId, fromRegion, `copy-${round}-${delta.device}`) })));
    },
  };
}
