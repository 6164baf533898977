import type {
  CapacityReservationPreference,
  InstanceMetadataOptionsRequest,
  InstanceStateName,
  Placement,
  ShutdownBehavior,
  SnapshotState,
  VolumeState,
  VolumeType,
} from '@aws-sdk/client-ec2';
import type { BlockMap } from '../instances/block-store';

/** What every resource of the gateway's EC2 has. */
export interface ResourceRecord {
  readonly id: string;
  /** Order of creation, for paging. */
  readonly seq: number;
  readonly createdAtMs: number;
  readonly tags: Map<string, string>;
}

export interface InstanceRecord extends ResourceRecord {
  /** The reservation (`r-...`) of the launch, which is not a capacity reservation. */
  readonly launchId: string;
  readonly launchIndex: number;
  readonly clientToken: string | undefined;
  readonly imageId: string;
  readonly architecture: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly address: string;
  readonly securityGroupIds: readonly string[];
  readonly keyName: string | undefined;
  readonly profileArn: string | undefined;
  readonly placement: Placement | undefined;
  readonly metadataOptions: InstanceMetadataOptionsRequest | undefined;
  readonly rootDeviceName: string;
  readonly monitoring: boolean;
  shape: string;
  ebsOptimized: boolean;
  state: InstanceStateName;
  stateReason: { readonly code: string; readonly message: string } | undefined;
  launchedAtMs: number;
  runningSinceMs: number | undefined;
  userData: string | undefined;
  disableApiTermination: boolean;
  disableApiStop: boolean;
  shutdownBehavior: ShutdownBehavior;
  /** Launched as a Spot Instance: it has a pool of its own, counts for no On-Demand quota, and may be taken away. */
  readonly spot: boolean;
  /** `standard` or `unlimited`, where a burstable type was launched with one. */
  readonly cpuCredits: string | undefined;
  reservationPreference: CapacityReservationPreference | undefined;
  /** The capacity reservation that the caller asked for. */
  targetReservationId: string | undefined;
  /** The capacity reservation whose capacity it uses now. */
  usedReservationId: string | undefined;
}

export interface VolumeAttachmentRecord {
  readonly instanceId: string;
  readonly device: string;
  readonly attachedAtMs: number;
  state: 'attaching' | 'attached' | 'detaching';
  deleteOnTermination: boolean;
}

export interface VolumeRecord extends ResourceRecord {
  readonly zone: string;
  readonly sizeGib: number;
  readonly type: VolumeType;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly snapshotId: string | undefined;
  state: VolumeState;
  attachment: VolumeAttachmentRecord | undefined;
  /** Its newest snapshot, the parent of the next. */
  lastSnapshotId: string | undefined;
  /** Settles when the folder is there. */
  ready: Promise<void>;
}

export interface SnapshotRecord extends ResourceRecord {
  readonly volumeId: string;
  readonly sizeGib: number;
  readonly description: string;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly parentId: string | undefined;
  state: SnapshotState;
  completedAtMs: number | undefined;
  blocks: BlockMap;
  /** Settles when the blocks are there. */
  captured: Promise<void>;
}

export interface ImageDisk {
  readonly device: string;
  readonly snapshotId: string;
  readonly sizeGib: number;
  readonly type: VolumeType;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
}

export interface ImageRecord extends ResourceRecord {
  readonly name: string;
  readonly description: string;
  readonly architecture: string;
  readonly rootDeviceName: string;
  readonly disks: readonly ImageDisk[];
  readonly sourceInstanceId: string | undefined;
  state: 'pending' | 'available' | 'failed';
}

export interface ReservationRecord extends ResourceRecord {
  readonly zone: string;
  readonly shape: string;
  readonly platform: string;
  readonly tenancy: string;
  readonly ebsOptimized: boolean;
  total: number;
  state: 'assessing' | 'scheduled' | 'delayed' | 'unsupported' | 'pending' | 'active' | 'expired' | 'cancelled' | 'failed';
  matchCriteria: 'open' | 'targeted';
  endDateType: 'unlimited' | 'limited';
  endAtMs: number | undefined;
  /** Undefined where it was for immediate use. */
  readonly commitment: CommitmentRecord | undefined;
}

/** What a reservation of a later date was ordered with. */
export interface CommitmentRecord {
  readonly startAtMs: number;
  readonly durationMs: number;
  /** From the delivery on; undefined before it. */
  endAtMs: number | undefined;
}

export interface HostRecord extends ResourceRecord {
  readonly zone: string;
  readonly family: string;
  /** The only type that it takes; undefined for a host of a whole family. */
  readonly shape: string | undefined;
  /** vCPUs by type that it takes. */
  readonly shapes: ReadonlyMap<string, number>;
  readonly totalVcpus: number;
  state: 'available' | 'released';
}
