import { paginateDescribeCapacityReservations, paginateDescribeImages, paginateDescribeInstances, paginateDescribeSnapshots, paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import type { EC2Client, Filter, Tag } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { OwnedResourcePort } from '../../activities/owned-resource-port';
import { OWNER_TAG, ROLE_TAG, RUN_TAG } from '../../contracts/workflow-ids';
import type { OwnedInEc2 } from '../../domain/recovery/resources-of';
import { deleteRule } from './owned-rules';
import { ownedBy, tagRecord } from './ownership';
import { readTraffic } from './traffic-sight';
import { callAws } from './translate-error';

/** What is over is there no more, though EC2 shows it for a while. */
const LIVE_INSTANCES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];
const LIVE_RESERVATIONS = ['active', 'pending', 'scheduled', 'assessing', 'payment-pending'];

/** Everything that carries an owner's tags, through the AWS SDK. */
export function createOwnedResources(ec2: EC2Client, elb: ElasticLoadBalancingV2Client): OwnedResourcePort {
  return {
    async list(owner) {
      const Filters = owner === null ? [{ Name: 'tag-key', Values: [OWNER_TAG] }] : ownedBy(owner);
      const parts = await callAws('list what carries the tags of an owner', () => Promise.all([instances(ec2, Filters), reservations(ec2, Filters), images(ec2, Filters), snapshots(ec2, Filters), volumes(ec2, Filters)]));
      return parts.flat();
    },
    traffic: () => readTraffic(elb),
    deleteRule: (ruleArn) => deleteRule(elb, ruleArn),
  };
}

async function instances(ec2: EC2Client, filters: Filter[]): Promise<OwnedInEc2[]> {
  const found: OwnedInEc2[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters: [...filters, { Name: 'instance-state-name', Values: LIVE_INSTANCES }] })) {
    for (const { InstanceId, State, LaunchTime, CapacityReservationId, Tags } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      found.push({ kind: 'instance', ...common(InstanceId, State?.Name, LaunchTime, Tags), reservationId: CapacityReservationId ?? null });
    }
  }
  return found;
}

async function reservations(ec2: EC2Client, filters: Filter[]): Promise<OwnedInEc2[]> {
  const found: OwnedInEc2[] = [];
  for await (const { CapacityReservations = [] } of paginateDescribeCapacityReservations({ client: ec2 }, { Filters: filters })) {
    for (const { CapacityReservationId, State, CreateDate, TotalInstanceCount = 0, AvailableInstanceCount = 0, CommitmentInfo, Tags } of CapacityReservations) {
      if (!LIVE_RESERVATIONS.includes(State ?? '')) continue;
      // Only an active one has instances; what is pending has nothing available either.
      const used = State === 'active' ? TotalInstanceCount - AvailableInstanceCount : 0;
      found.push({ kind: 'reservation', ...common(CapacityReservationId, State, CreateDate, Tags), used, isCommitted: CommitmentInfo !== undefined });
    }
  }
  return found;
}

async function images(ec2: EC2Client, Filters: Filter[]): Promise<OwnedInEc2[]> {
  const found: OwnedInEc2[] = [];
  for await (const { Images = [] } of paginateDescribeImages({ client: ec2 }, { Owners: ['self'], Filters })) {
    for (const { ImageId, State, CreationDate, Tags } of Images) found.push({ kind: 'image', ...common(ImageId, State, CreationDate === undefined ? undefined : new Date(CreationDate), Tags) });
  }
  return found;
}

async function snapshots(ec2: EC2Client, Filters: Filter[]): Promise<OwnedInEc2[]> {
  const found: OwnedInEc2[] = [];
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client: ec2 }, { OwnerIds: ['self'], Filters })) {
    for (const { SnapshotId, State, StartTime, Tags } of Snapshots) found.push({ kind: 'snapshot', ...common(SnapshotId, State, StartTime, Tags) });
  }
  return found;
}

async function volumes(ec2: EC2Client, Filters: Filter[]): Promise<OwnedInEc2[]> {
  const found: OwnedInEc2[] = [];
  for await (const { Volumes = [] } of paginateDescribeVolumes({ client: ec2 }, { Filters })) {
    for (const { VolumeId, State, CreateTime, Attachments = [], Tags } of Volumes) found.push({ kind: 'volume', ...common(VolumeId, State, CreateTime, Tags), attachedTo: Attachments.find((one) => one.State !== 'detached')?.InstanceId ?? null });
  }
  return found;
}

function common(id: string | undefined, state: string | undefined, createdAt: Date | undefined, tags: Tag[] | undefined) {
  const { [OWNER_TAG]: owner = '', [RUN_TAG]: runId = '', [ROLE_TAG]: role = '' } = tagRecord(tags);
  return { id: id ?? '', state: state ?? 'unknown', createdAtMs: createdAt?.getTime() ?? null, owner, runId, role };
}
