import type {
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  InstanceStatus,
} from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import type { Cloud } from './cloud';
import { applyFilters, type FilterFields } from './filters';
import { ID_ERRORS } from './ids';
import { reservationViews, stateView } from './instance-view';
import { owned } from './owned';
import { pageOf } from './paging';
import type { InstanceRecord } from './records';

/** DescribeInstances, DescribeInstanceStatus, DescribeInstanceCreditSpecifications and GetConsoleOutput. */
export function instanceDescriptions(cloud: Cloud): Record<string, OperationHandler> {
  const fields = filterFields(cloud);
  return {
    DescribeInstances: owned((input: DescribeInstancesRequest): DescribeInstancesResult => {
      checkPaging(input);
      const found = applyFilters(cloud.visible(cloud.instances, input.InstanceIds, ID_ERRORS.instance), input.Filters, fields);
      const { items, nextToken } = pageOf(found, input);
      return { Reservations: reservationViews(cloud, items), NextToken: nextToken };
    }),

    DescribeInstanceStatus: owned((input: DescribeInstanceStatusRequest): DescribeInstanceStatusResult => {
      checkPaging(input);
      const all = cloud.visible(cloud.instances, input.InstanceIds, ID_ERRORS.instance);
      const wanted = input.IncludeAllInstances === true ? all : all.filter((instance) => instance.state === 'running');
      const { items, nextToken } = pageOf(applyFilters(wanted, input.Filters, fields), input);
      return { InstanceStatuses: items.map((instance) => statusView(cloud, instance)), NextToken: nextToken };
    }),

    DescribeInstanceCreditSpecifications: owned((input: DescribeInstanceCreditSpecificationsRequest): DescribeInstanceCreditSpecificationsResult => {
      const all = cloud.visible(cloud.instances, input.InstanceIds, ID_ERRORS.instance).filter(({ shape }) => /^t\d/.test(shape));
      // T2 is `standard` unless somebody asks for more; the families after it are `unlimited`.
      return { InstanceCreditSpecifications: all.map(({ id, shape, cpuCredits }) => ({ InstanceId: id, CpuCredits: cpuCredits ?? (shape.startsWith('t2.') ? 'standard' : 'unlimited') })) };
    }),

    GetConsoleOutput: owned(async (input: GetConsoleOutputRequest): Promise<GetConsoleOutputResult> => {
      const instance = cloud.instance(input.InstanceId ?? '');
      const output = await cloud.deps.runner.consoleOutput(instance.id);
      // EC2 keeps the last 64 KiB.
      const kept = Buffer.from(output, 'utf8').subarray(-65_536);
      return { InstanceId: instance.id, Timestamp: new Date(), Output: kept.toString('base64') };
    }),
  };
}

function checkPaging(input: { InstanceIds?: string[] | undefined; MaxResults?: number | undefined }): void {
  if (input.MaxResults === undefined) return;
  if ((input.InstanceIds ?? []).length > 0) {
    throw new AwsError('InvalidParameterCombination', 'The parameter instancesSet cannot be used with the parameter maxResults');
  }
  if (input.MaxResults < 5 || input.MaxResults > 1000) {
    throw new AwsError('InvalidParameterValue', `Value (${input.MaxResults}) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`);
  }
}

function filterFields(cloud: Cloud): FilterFields<InstanceRecord> {
  return {
    'instance-id': (instance) => instance.id,
    'instance-state-name': (instance) => instance.state,
    'instance-state-code': (instance) => String(stateView(instance.state).Code),
    'availability-zone': (instance) => instance.zone,
    'client-token': (instance) => instance.clientToken,
    'instance-type': (instance) => instance.shape,
    'private-ip-address': (instance) => instance.address,
    'subnet-id': (instance) => instance.subnetId,
    'vpc-id': (instance) => instance.vpcId,
    'image-id': (instance) => instance.imageId,
    architecture: (instance) => instance.architecture,
    'capacity-reservation-id': (instance) => instance.usedReservationId,
    'instance.group-id': (instance) => instance.securityGroupIds,
    'reservation-id': (instance) => instance.launchId,
    'key-name': (instance) => instance.keyName,
    'iam-instance-profile.arn': (instance) => instance.profileArn,
    'root-device-name': (instance) => instance.rootDeviceName,
    tenancy: (instance) => instance.placement?.Tenancy ?? 'default',
    'placement-group-name': (instance) => instance.placement?.GroupName,
    'host-id': (instance) => instance.placement?.HostId,
    'block-device-mapping.volume-id': (instance) => cloud.volumesOf(instance).map((volume) => volume.id),
  };
}

function statusView(cloud: Cloud, instance: InstanceRecord): InstanceStatus {
  const since = instance.runningSinceMs;
  // The checks pass some time after the start; here after as long again as the start took.
  const passed = since !== undefined && Date.now() >= since + cloud.deps.delays.instancePendingMs;
  const isDark = cloud.darkZones.has(instance.zone);
  const status = instance.state !== 'running' ? 'not-applicable' : isDark ? 'impaired' : passed ? 'ok' : 'initializing';
  const summary = { Status: status, Details: [{ Name: 'reachability', Status: isDark ? 'failed' : passed ? 'passed' : 'initializing' }] } as const;
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.zone,
    InstanceState: stateView(instance.state),
    InstanceStatus: { ...summary, Details: [...summary.Details] },
    SystemStatus: { ...summary, Details: [...summary.Details] },
    Events: [],
  };
}
