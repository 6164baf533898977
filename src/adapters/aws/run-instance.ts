import { DescribeInstanceAttributeCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Owner } from '../../contracts/migration-activities';
import { clientToken, ownerTags } from './ownership';
import { callAws } from './translate-error';

/** What an instance is launched with, wherever that was read. */
export interface LaunchSpec {
  readonly imageId: string;
  readonly securityGroupIds: readonly string[];
  readonly keyName: string | null;
  readonly instanceProfileArn: string | null;
  /** Base64, as EC2 has it. It may hold secrets: it goes from here to EC2 and never through a workflow's history. */
  readonly userData: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Data volumes beside the image's own; they end with the instance. */
  readonly blankVolumes: readonly { readonly device: string; readonly sizeGiB: number; readonly volumeType: string }[];
}

export interface RunRequest {
  readonly doing: string;
  readonly owner: Owner;
  readonly role: string;
  /** The step that makes a repeated call the same call. */
  readonly token: string;
  readonly place: { readonly zone: string; readonly subnetId: string; readonly shape: string };
  /** Null where it goes onto a host, or wherever there is room. */
  readonly reservationId: string | null;
  readonly hostId: string | null;
  /** At the spot price, ended when EC2 takes it away; default: On-Demand. */
  readonly spot?: boolean;
  readonly spec: LaunchSpec;
}

/** Launches one instance into a reservation or onto a host; the same instance again when repeated. */
export async function runInstance(ec2: EC2Client, { doing, owner, role, token, place, reservationId, hostId, spot = false, spec }: RunRequest): Promise<{ instanceId: string }> {
  const tags = [...Object.entries(spec.tags).map(([Key, Value]) => ({ Key, Value })), ...ownerTags(owner, role)];
  const answer = await callAws(doing, () =>
    ec2.send(
      new RunInstancesCommand({
        ClientToken: clientToken(owner, token),
        MinCount: 1,
        MaxCount: 1,
        ImageId: spec.imageId,
        InstanceType: place.shape as never,
        Placement: { AvailabilityZone: place.zone, ...(hostId === null ? {} : { Tenancy: 'host', HostId: hostId }) },
        SubnetId: place.subnetId,
        SecurityGroupIds: [...spec.securityGroupIds],
        ...(reservationId === null ? {} : { CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: reservationId } } }),
        ...(spot ? { InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time', InstanceInterruptionBehavior: 'terminate' } } } : {}),
        TagSpecifications: [
          { ResourceType: 'instance', Tags: tags },
          { ResourceType: 'volume', Tags: ownerTags(owner, `${role}-volume`) },
        ],
        ...(spec.blankVolumes.length === 0
          ? {}
          : { BlockDeviceMappings: spec.blankVolumes.map(({ device, sizeGiB, volumeType }) => ({ DeviceName: device, Ebs: { VolumeSize: sizeGiB, VolumeType: volumeType as never, DeleteOnTermination: true } })) }),
        ...(spec.userData === undefined ? {} : { UserData: spec.userData }),
        ...(spec.keyName === null ? {} : { KeyName: spec.keyName }),
        ...(spec.instanceProfileArn === null ? {} : { IamInstanceProfile: { Arn: spec.instanceProfileArn } }),
      }),
    ),
  );
  const instanceId = answer.Instances?.[0]?.InstanceId;
  if (instanceId === undefined) throw new Error(`${doing}: RunInstances answered without an instance`);
  return { instanceId };
}

export async function userDataOf(ec2: EC2Client, instanceId: string, doing: string): Promise<string | undefined> {
  const attribute = await callAws(doing, () => ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: 'userData' })));
  return attribute.UserData?.Value;
}
