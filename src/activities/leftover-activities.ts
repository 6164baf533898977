import type { MigrationActivities } from '../contracts/migration-activities';
import type { BalancerPort } from './balancer-port';
import type { ComputePort } from './compute-port';
import type { DiskPort } from './disk-port';
import type { ReservationPort } from './reservation-port';

export interface LeftoverDependencies {
  readonly compute: ComputePort;
  readonly disks: DiskPort;
  readonly reservations: ReservationPort;
  readonly balancer: BalancerPort;
}

/** Asks AWS, not our records, for everything that carries the run's tags. */
export function createLeftoverActivities({ compute, disks, reservations, balancer }: LeftoverDependencies): Pick<MigrationActivities, 'listLeftovers'> {
  return {
    async listLeftovers({ owner }) {
      const [instances, images, snapshots, volumes, held, groups] = await Promise.all([
        compute.findOwned(owner),
        disks.findOwnedImages(owner),
        disks.findOwnedSnapshots(owner),
        disks.findOwnedFreeVolumes(owner),
        reservations.findOwned(owner),
        balancer.findOwnedGroups(owner),
      ]);
      return [
        ...instances.map((facts) => `instance ${facts.instanceId} (${facts.state})`),
        ...images.map((id) => `image ${id}`),
        ...snapshots.map(({ snapshotId }) => `snapshot ${snapshotId}`),
        ...volumes.map((id) => `volume ${id}`),
        ...held.map((id) => `capacity reservation ${id}`),
        ...groups.map((arn) => `target group ${arn.split('/').slice(-2).join('/')}`),
      ];
    },
  };
}
