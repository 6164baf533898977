import type { Disks } from '../instances/disks';
import type { InstanceRunner } from '../instances/instance-runner';
import { AwsError } from '../operation';
import type { CloudDelays } from '../ports';
import { ClientTokens } from './client-tokens';
import { checkIdForm, notFound, ID_ERRORS, type IdErrors } from './ids';
import type { HostRecord, ImageRecord, InstanceRecord, ReservationRecord, ResourceRecord, SnapshotRecord, VolumeRecord } from './records';
import type { ShapeCatalogue } from './shape-catalogue';
import { Timers } from './timers';

export interface CloudDependencies {
  readonly delays: CloudDelays;
  readonly catalogue: ShapeCatalogue;
  readonly disks: Disks;
  readonly runner: InstanceRunner;
  readonly accountId: string;
  readonly region: string;
  /** All regions of this cloud by name, its own among them: what is copied comes from one of them. */
  readonly regions: ReadonlyMap<string, Cloud>;
  /** First two numbers of the instances' loopback addresses. */
  readonly addressPrefix: string;
  /** How long a terminated instance can still be seen. */
  readonly terminatedVisibleMs: number;
  /** Told of errors in steps that no caller waits for. */
  readonly onDefect: (error: unknown) => void;
}

/** Everything that exists in the gateway's EC2. */
export class Cloud {
  readonly instances = new Map<string, InstanceRecord>();
  readonly volumes = new Map<string, VolumeRecord>();
  readonly snapshots = new Map<string, SnapshotRecord>();
  readonly images = new Map<string, ImageRecord>();
  readonly reservations = new Map<string, ReservationRecord>();
  readonly hosts = new Map<string, HostRecord>();
  /** Finite capacities by `zone/shape`; all other pools never run out. */
  readonly pools = new Map<string, number>();
  /** The account's quota of vCPUs of running On-Demand instances; infinite where none was set. */
  vcpuQuota = Infinity;
  /** vCPUs of the types that were ever asked for. */
  readonly vcpusByShape = new Map<string, number>();
  /** Zones without power: their instances do nothing, and nothing can be launched or reserved there. */
  readonly darkZones = new Set<string>();
  readonly tokens = new ClientTokens();
  readonly timers = new Timers();
  private readonly listeners: ((instanceId: string) => void)[] = [];
  /** From then on no process may start. */
  isStopped = false;
  private lastSeq = 0;
  private lastAddress = 0;

  constructor(readonly deps: CloudDependencies) {}

  nextSeq(): number {
    return ++this.lastSeq;
  }

  /** A loopback address that no other instance of this cloud ever had. */
  nextAddress(): string {
    const number = ++this.lastAddress;
    return `${this.deps.addressPrefix}.${Math.floor(number / 250) % 256}.${(number % 250) + 1}`;
  }

  onInstanceChange(listener: (instanceId: string) => void): void {
    this.listeners.push(listener);
  }

  instanceChanged(instanceId: string): void {
    for (const listener of this.listeners) listener(instanceId);
  }

  instance(id: string): InstanceRecord {
    return find(this.instances, id, ID_ERRORS.instance);
  }

  volume(id: string): VolumeRecord {
    return find(this.volumes, id, ID_ERRORS.volume);
  }

  snapshot(id: string): SnapshotRecord {
    return find(this.snapshots, id, ID_ERRORS.snapshot);
  }

  image(id: string): ImageRecord {
    return find(this.images, id, ID_ERRORS.image);
  }

  reservation(id: string): ReservationRecord {
    return find(this.reservations, id, ID_ERRORS.reservation);
  }

  host(id: string): HostRecord {
    return find(this.hosts, id, ID_ERRORS.host);
  }

  /** The volumes of an instance, the root volume first. */
  volumesOf(instance: InstanceRecord): readonly VolumeRecord[] {
    const attached = [...this.volumes.values()].filter((volume) => volume.attachment?.instanceId === instance.id);
    return attached.sort((a, b) => Number(isRoot(b, instance)) - Number(isRoot(a, instance)) || a.seq - b.seq);
  }

  /** Records by id as a Describe sees them: what was created this very moment is not found yet. */
  visible<T extends ResourceRecord>(records: ReadonlyMap<string, T>, ids: readonly string[] | undefined, errors: IdErrors): readonly T[] {
    if (ids === undefined || ids.length === 0) return [...records.values()];
    return ids.map((id) => {
      const record = find(records, id, errors);
      if (Date.now() < record.createdAtMs + this.deps.delays.notFoundAfterCreateMs) throw notFound(id, errors);
      return record;
    });
  }

  /** Runs a step that no caller waits for. */
  background(step: () => Promise<void>): void {
    step().catch(this.deps.onDefect);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.timers.stop();
    await this.deps.runner.stopAll();
  }
}

/** Whether this volume is the one the instance starts from. */
export function isRoot(volume: VolumeRecord, instance: InstanceRecord): boolean {
  return volume.attachment?.device === instance.rootDeviceName;
}

/** Answers a DryRun as EC2 does: with an error, when everything would have gone well. */
export function refuseDryRun(request: { readonly DryRun?: boolean | undefined }): void {
  if (request.DryRun === true) {
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }
}

function find<T>(records: ReadonlyMap<string, T>, id: string, errors: IdErrors): T {
  checkIdForm(id, errors);
  const record = records.get(id);
  if (record === undefined) throw notFound(id, errors);
  return record;
}
