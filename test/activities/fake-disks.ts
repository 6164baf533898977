import type { ComputePort } from '../../src/activities/compute-port';
import type { DiskPort } from '../../src/activities/disk-port';
import { businessFailure } from '../../src/contracts/errors';
import { FACTS, portOf } from './fake-ports';

interface FakeVolume {
  state: 'creating' | 'available' | 'in-use';
  readonly snapshotId: string;
  readonly owned: boolean;
  /** Looks until a change of state shows. */
  busy: number;
}

/** Volumes of one stopped instance, as EC2 treats them: creating and detaching take a moment, tokens name one volume. */
export class FakeDisks {
  readonly volumes = new Map<string, FakeVolume>();
  readonly attached = new Map<string, string>();
  private readonly byToken = new Map<string, string>();

  constructor(devices: Readonly<Record<string, string>>) {
    for (const [device, volumeId] of Object.entries(devices)) {
      this.volumes.set(volumeId, { state: 'in-use', snapshotId: 'image', owned: true, busy: 0 });
      this.attached.set(device, volumeId);
    }
  }

  readonly disks = portOf<DiskPort>({
    createVolume: async (_owner, snapshotId, _zone, step) => {
      const volumeId = this.byToken.get(step) ?? `vol-${step}`;
      if (!this.byToken.has(step)) this.volumes.set(volumeId, { state: 'available', snapshotId, owned: true, busy: 1 });
      this.byToken.set(step, volumeId);
      return volumeId;
    },
    volumeState: async (volumeId) => {
      const volume = this.volume(volumeId);
      return volume.busy-- > 0 ? 'creating' : volume.state;
    },
    attach: async (volumeId, _instanceId, device) => {
      if (this.volume(volumeId).state !== 'available' || this.attached.has(device)) throw businessFailure('Conflict', `${volumeId} or ${device} is in use`);
      this.volume(volumeId).state = 'in-use';
      this.attached.set(device, volumeId);
    },
    detach: async (volumeId) => {
      const device = [...this.attached].find(([, held]) => held === volumeId)?.[0];
      if (device === undefined) throw businessFailure('Conflict', `${volumeId} is not attached`);
      this.attached.delete(device);
      Object.assign(this.volume(volumeId), { state: 'available', busy: 1 });
    },
    deleteVolume: async (volumeId) => {
      if (this.volume(volumeId).state !== 'available') throw businessFailure('Conflict', `${volumeId} is in use`);
      this.volumes.delete(volumeId);
    },
    findOwnedFreeVolumes: async () => [...this.volumes].flatMap(([id, volume]) => (volume.owned && volume.state !== 'in-use' ? [id] : [])),
  });

  readonly compute = portOf<ComputePort>({
    describe: async () => ({ ...FACTS, instanceId: 'i-2', volumes: [...this.attached].map(([device, volumeId]) => ({ device, volumeId })) }),
  });

  /** Which snapshot each device holds. */
  contents(): Record<string, string> {
    return Object.fromEntries([...this.attached].map(([device, volumeId]) => [device, this.volume(volumeId).snapshotId]));
  }

  private volume(volumeId: string): FakeVolume {
    const volume = this.volumes.get(volumeId);
    if (volume === undefined) throw businessFailure('NotFound', `${volumeId} does not exist`);
    return volume;
  }
}
