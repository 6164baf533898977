import type { Instance, InstanceBlockDeviceMapping, InstanceState, InstanceStateName, Reservation, _InstanceType } from '@aws-sdk/client-ec2';
import type { Cloud } from './cloud';
import type { InstanceRecord } from './records';
import { tagList } from './tags';

const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** An instance state with its numeric code. */
export function stateView(name: InstanceStateName): InstanceState {
  return { Code: STATE_CODES[name], Name: name };
}

/** An instance as Describe and RunInstances show it. */
export function instanceView(cloud: Cloud, instance: InstanceRecord): Instance {
  const gone = instance.state === 'terminated';
  const groups = instance.securityGroupIds.map((GroupId) => ({ GroupId, GroupName: GroupId }));
  const view: Instance = {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.shape as _InstanceType,
    State: stateView(instance.state),
    StateTransitionReason: instance.stateReason?.message ?? '',
    AmiLaunchIndex: instance.launchIndex,
    LaunchTime: new Date(instance.launchedAtMs),
    Architecture: instance.architecture as 'x86_64',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceType: 'ebs',
    RootDeviceName: instance.rootDeviceName,
    PlatformDetails: 'Linux/UNIX',
    EbsOptimized: instance.ebsOptimized,
    EnaSupport: true,
    KeyName: instance.keyName,
    ClientToken: instance.clientToken ?? '',
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    Placement: {
      Tenancy: (instance.placement?.Tenancy ?? 'default'),
      GroupName: instance.placement?.GroupName ?? '',
      HostId: instance.placement?.HostId,
      AvailabilityZone: instance.zone,
    },
    CapacityReservationId: instance.usedReservationId,
    CapacityReservationSpecification: instance.targetReservationId
      ? { CapacityReservationTarget: { CapacityReservationId: instance.targetReservationId } }
      : { CapacityReservationPreference: instance.reservationPreference ?? 'open' },
    IamInstanceProfile: instance.profileArn === undefined ? undefined : { Arn: instance.profileArn, Id: 'AIPALOCAL' },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: instance.metadataOptions?.HttpTokens ?? 'optional',
      HttpPutResponseHopLimit: instance.metadataOptions?.HttpPutResponseHopLimit ?? 1,
      HttpEndpoint: instance.metadataOptions?.HttpEndpoint ?? 'enabled',
      InstanceMetadataTags: instance.metadataOptions?.InstanceMetadataTags ?? 'disabled',
    },
    BlockDeviceMappings: blockDevices(cloud, instance),
    SecurityGroups: groups,
    Tags: tagList(instance.tags),
    ...(instance.spot ? { InstanceLifecycle: 'spot' } : {}),
  };
  if (instance.stateReason) view.StateReason = { Code: instance.stateReason.code, Message: instance.stateReason.message };
  if (gone) return view;
  return {
    ...view,
    PrivateIpAddress: instance.address,
    PrivateDnsName: `ip-${instance.address.replaceAll('.', '-')}.ec2.internal`,
    SubnetId: instance.subnetId,
    VpcId: instance.vpcId,
  };
}

/** Instances grouped by the launch that made them, in the order given. */
export function reservationViews(cloud: Cloud, instances: readonly InstanceRecord[]): Reservation[] {
  const launches = new Map<string, InstanceRecord[]>();
  for (const instance of instances) {
    const launch = launches.get(instance.launchId);
    if (launch) launch.push(instance);
    else launches.set(instance.launchId, [instance]);
  }
  return [...launches].map(([ReservationId, members]) => ({
    ReservationId,
    OwnerId: cloud.deps.accountId,
    Groups: [],
    Instances: members.map((instance) => instanceView(cloud, instance)),
  }));
}

/** The attached volumes as an instance shows them. */
export function blockDevices(cloud: Cloud, instance: InstanceRecord): InstanceBlockDeviceMapping[] {
  return cloud.volumesOf(instance).map((volume) => ({
    DeviceName: volume.attachment?.device,
    Ebs: {
      VolumeId: volume.id,
      Status: volume.attachment?.state,
      AttachTime: new Date(volume.attachment?.attachedAtMs ?? 0),
      DeleteOnTermination: volume.attachment?.deleteOnTermination,
    },
  }));
}
