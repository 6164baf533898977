import type {
  DescribeInstanceAttributeRequest,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
  ModifyInstanceCapacityReservationAttributesRequest,
  ShutdownBehavior,
} from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { readCapacityWish } from './capacity';
import { refuseDryRun, type Cloud } from './cloud';
import { blockDevices } from './instance-view';
import { checkShape } from './launch-plan';
import { owned } from './owned';
import type { InstanceRecord } from './records';

/** Reading and changing attributes of instances. */
export function attributeOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    DescribeInstanceAttribute: owned((input: DescribeInstanceAttributeRequest): InstanceAttribute => {
      const instance = cloud.instance(input.InstanceId ?? '');
      return { InstanceId: instance.id, ...attributeView(cloud, instance, input.Attribute ?? '') };
    }),

    ModifyInstanceAttribute: owned(async (input: ModifyInstanceAttributeRequest) => {
      const instance = cloud.instance(input.InstanceId ?? '');
      const change = await readChange(cloud, instance, input);
      refuseDryRun(input);
      change();
      return {};
    }),

    ModifyInstanceCapacityReservationAttributes: owned((input: ModifyInstanceCapacityReservationAttributesRequest) => {
      const instance = cloud.instance(input.InstanceId ?? '');
      if (instance.state !== 'stopped') throw mustBeStopped(instance);
      const specification = input.CapacityReservationSpecification;
      const wish = readCapacityWish(instance.zone, instance.shape, specification);
      if (wish.targetId !== undefined) cloud.reservation(wish.targetId);
      refuseDryRun(input);
      instance.targetReservationId = wish.targetId;
      instance.reservationPreference = specification?.CapacityReservationPreference;
      return { Return: true };
    }),
  };
}

function attributeView(cloud: Cloud, instance: InstanceRecord, attribute: string): InstanceAttribute {
  switch (attribute) {
    case 'userData':
      return { UserData: instance.userData === undefined ? {} : { Value: instance.userData } };
    case 'instanceType':
      return { InstanceType: { Value: instance.shape } };
    case 'disableApiTermination':
      return { DisableApiTermination: { Value: instance.disableApiTermination } };
    case 'disableApiStop':
      return { DisableApiStop: { Value: instance.disableApiStop } };
    case 'ebsOptimized':
      return { EbsOptimized: { Value: instance.ebsOptimized } };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } };
    case 'rootDeviceName':
      return { RootDeviceName: { Value: instance.rootDeviceName } };
    case 'blockDeviceMapping':
      return { BlockDeviceMappings: blockDevices(cloud, instance) };
    case 'groupSet':
      return { Groups: instance.securityGroupIds.map((GroupId) => ({ GroupId, GroupName: GroupId })) };
    case 'enaSupport':
      return { EnaSupport: { Value: true } };
    case 'sourceDestCheck':
      return { SourceDestCheck: { Value: true } };
    default:
      throw new AwsError('InvalidParameterValue', `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`);
  }
}

/** The change that a request asks for, checked; nothing has happened until it is called. */
async function readChange(cloud: Cloud, instance: InstanceRecord, input: ModifyInstanceAttributeRequest): Promise<() => void> {
  const attribute = input.Attribute;
  const shape = input.InstanceType?.Value ?? (attribute === 'instanceType' ? input.Value : undefined);
  const blob = input.UserData?.Value;
  const userData = blob === undefined ? (attribute === 'userData' ? input.Value : undefined) : Buffer.from(blob).toString('base64');
  const terminationText = attribute === 'disableApiTermination' ? input.Value : undefined;
  const disableApiTermination = input.DisableApiTermination?.Value ?? (terminationText && terminationText === 'true');
  const disableApiStop = input.DisableApiStop?.Value;
  const ebsOptimized = input.EbsOptimized?.Value;
  const shutdownBehavior = input.InstanceInitiatedShutdownBehavior?.Value;
  const mappings = input.BlockDeviceMappings ?? [];
  if (shape !== undefined || userData !== undefined || ebsOptimized !== undefined) {
    if (instance.state !== 'stopped') throw mustBeStopped(instance);
  }
  if (shape !== undefined) await checkShape(cloud, shape, instance.architecture);
  return () => {
    if (shape !== undefined) instance.shape = shape;
    if (userData !== undefined) instance.userData = userData;
    if (typeof disableApiTermination === 'boolean') instance.disableApiTermination = disableApiTermination;
    if (disableApiStop !== undefined) instance.disableApiStop = disableApiStop;
    if (ebsOptimized !== undefined) instance.ebsOptimized = ebsOptimized;
    if (shutdownBehavior !== undefined) instance.shutdownBehavior = shutdownBehavior as ShutdownBehavior;
    for (const { DeviceName, Ebs } of mappings) {
      const volume = cloud.volumesOf(instance).find((candidate) => candidate.attachment?.device === DeviceName);
      if (volume?.attachment && Ebs?.DeleteOnTermination !== undefined) {
        volume.attachment.deleteOnTermination = Ebs.DeleteOnTermination;
      }
    }
  };
}

function mustBeStopped(instance: InstanceRecord): AwsError {
  return new AwsError('IncorrectInstanceState', `The instance '${instance.id}' is not in the 'stopped' state.`);
}
