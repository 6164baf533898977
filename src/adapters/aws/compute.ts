import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeSubnetsCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import type { EC2Client, Filter, Instance } from '@aws-sdk/client-ec2';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import { OWN_TAGS, POOL_TAG } from '../../contracts/workflow-ids';
import type { ComputePort, InstanceFacts, LaunchRequest } from '../../activities/compute-port';
import type { PlaceKind } from '../../domain/isolation';
import { plainShape } from '../../domain/shape';
import { replacementsOf } from '../../domain/shapes/replacements-of';
import { ownedBy, tagRecord } from './ownership';
import { runInstance, userDataOf } from './run-instance';
import type { ShapeCatalogue } from './shape-catalogue';
import { callAws, codeOf, translateAwsError } from './translate-error';

const PLACE_FILTERS: Readonly<Record<PlaceKind, string>> = { zone: 'availability-zone', host: 'host-id', pool: `tag:${POOL_TAG}` };
/** EC2 takes no more ids in one call of DescribeInstanceStatus. */
const MOST_IDS_IN_CALL = 100;
const ALIVE = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];
/** EC2 instances through the AWS SDK. */
export function createCompute(ec2: EC2Client, catalogue: ShapeCatalogue): ComputePort {
  const list = async (filters: Filter[], ids?: string[]): Promise<InstanceFacts[]> =>
    callAws(ids ? `describe ${ids.join(', ')}` : 'list instances', async () => {
      const found: InstanceFacts[] = [];
      const query = ids ? { InstanceIds: ids } : { Filters: filters };
      for await (const page of paginateDescribeInstances({ client: ec2 }, query)) {
        for (const reservation of page.Reservations ?? []) found.push(...(reservation.Instances ?? []).map(factsOf));
      }
      return found;
    });

  return {
    async describe(instanceId) {
      const [facts] = await list([], [instanceId]);
      if (facts === undefined) throw businessFailure('NotFound', `instance ${instanceId} does not exist in this account and region`);
      return facts;
    },
    userData: (instanceId) => userDataOf(ec2, instanceId, `read the user data of ${instanceId}`),
    async isTerminationProtected(instanceId) {
      const answer = await callAws(`read the termination protection of ${instanceId}`, () =>
        ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: 'disableApiTermination' })),
      );
      return answer.DisableApiTermination?.Value ?? false;
    },
    async forbidsTermination(instanceId) {
      const doing = `ask whether ${instanceId} may be terminated`;
      try {
        await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId], DryRun: true }));
      } catch (error) {
        // A dry run never succeeds: this is the error that says that the call would have.
        if (error instanceof Error && codeOf(error) === 'DryRunOperation') return null;
        if (error instanceof Error && codeOf(error) === 'UnauthorizedOperation') return error.message.replace(/ Encoded authorization failure message: .*/s, '');
        throw translateAwsError(error, doing);
      }
      throw businessFailure('Conflict', `${doing}: the endpoint took a dry run for the act`);
    },
    listTagged: (tag, value) =>
      list([value === null ? { Name: 'tag-key', Values: [tag] } : { Name: `tag:${tag}`, Values: [value] }, { Name: 'instance-state-name', Values: ['pending', 'running'] }]),
    listPlaced: (kind, key) => list([{ Name: PLACE_FILTERS[kind], Values: [key] }, { Name: 'instance-state-name', Values: ['pending', 'running'] }]),
    findOwned: (owner) => list([...ownedBy(owner), { Name: 'instance-state-name', Values: ALIVE }]),
    launch: (request) => launch(ec2, request),
    async start(instanceId) {
      await callAws(`start ${instanceId}`, () => ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] })));
    },
    async stop(instanceId) {
      const doing = `stop ${instanceId}`;
      try {
        await ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
      } catch (error) {
        // EC2 stops nothing that has not come up yet: a matter of the moment.
        if (error instanceof Error && codeOf(error) === 'IncorrectInstanceState' && (await list([], [instanceId]))[0]?.state === 'pending') throw retryableFailure('NotReadyYet', `${doing}: it still starts`);
        throw translateAwsError(error, doing);
      }
    },
    async terminate(instanceIds) {
      if (instanceIds.length === 0) return;
      await callAws(`terminate ${instanceIds.join(', ')}`, () => ec2.send(new TerminateInstancesCommand({ InstanceIds: [...instanceIds] })));
    },
    async changeShape(instanceId, shape) {
      await callAws(`make ${instanceId} a ${shape}`, () => ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instanceId, InstanceType: { Value: shape } })));
    },
    async passesChecks(instanceId) {
      const answer = await callAws(`read the checks of ${instanceId}`, () => ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [instanceId] })));
      const status = answer.InstanceStatuses?.[0];
      return status?.InstanceStatus?.Status === 'ok' && status.SystemStatus?.Status === 'ok';
    },
    async passingChecks(instanceIds) {
      const passing = new Set<string>();
      for (let from = 0; from < instanceIds.length; from += MOST_IDS_IN_CALL) {
        const ids = instanceIds.slice(from, from + MOST_IDS_IN_CALL);
        const answer = await callAws('read the checks of instances', () => ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: ids })));
        for (const { InstanceId, InstanceStatus, SystemStatus } of answer.InstanceStatuses ?? []) {
          if (InstanceId !== undefined && InstanceStatus?.Status === 'ok' && SystemStatus?.Status === 'ok') passing.add(InstanceId);
        }
      }
      return passing;
    },
    async tag(resourceIds, tags) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await callAws('tag', () => ec2.send(new CreateTagsCommand({ Resources: [...resourceIds], Tags })));
    },
    async untag(resourceIds, keys) {
      await callAws('untag', () => ec2.send(new DeleteTagsCommand({ Resources: [...resourceIds], Tags: keys.map((Key) => ({ Key })) })));
    },
    async zones(vpcId) {
      const answer = await callAws('list subnets', () => ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] })));
      const offered = await catalogue.offeredShapes();
      const subnetByZone = new Map((answer.Subnets ?? []).map((subnet) => [subnet.AvailabilityZone ?? '', subnet.SubnetId ?? '']));
      return [...subnetByZone].map(([zone, subnetId]) => ({ zone, subnetId, offeredShapes: offered.get(zone) ?? [] }));
    },
    shape: async (name) => plainShape(await catalogue.shape(name)),
    compatibleShapes: async (name) => replacementsOf(await catalogue.shape(name), (await catalogue.catalogue()).shapes).map(plainShape),
  };
}

async function launch(ec2: EC2Client, { owner, source, userData, imageId, reservation, rung, leaveGroup }: LaunchRequest): Promise<{ instanceId: string }> {
  const doing = `launch the shadow of ${source.instanceId}`;
  const kept = Object.entries(source.tags).filter(([key]) => !OWN_TAGS.includes(key) && !key.startsWith('aws:') && !(leaveGroup && key === POOL_TAG));
  return runInstance(ec2, {
    doing,
    owner,
    role: 'shadow',
    token: `launch-${reservation?.reservationId ?? rung.into?.capacityId ?? ''}`,
    place: rung,
    reservationId: reservation?.reservationId ?? null,
    hostId: rung.into?.kind === 'host' ? rung.into.capacityId : null,
    spec: { imageId, securityGroupIds: source.securityGroupIds, keyName: source.keyName, instanceProfileArn: source.instanceProfileArn, userData, tags: Object.fromEntries(kept), blankVolumes: [] },
  });
}

function factsOf(instance: Instance): InstanceFacts {
  const rootDevice = instance.RootDeviceName ?? '';
  return {
    instanceId: instance.InstanceId ?? '',
    state: instance.State?.Name ?? 'unknown',
    shape: instance.InstanceType ?? '',
    imageId: instance.ImageId ?? '',
    architecture: instance.Architecture ?? 'x86_64',
    zone: instance.Placement?.AvailabilityZone ?? '',
    hostId: instance.Placement?.HostId ?? null,
    reservationId: instance.CapacityReservationId ?? null,
    launchedAtMs: instance.LaunchTime?.getTime() ?? 0,
    vpcId: instance.VpcId ?? '',
    subnetId: instance.SubnetId ?? '',
    address: instance.PrivateIpAddress ?? '',
    securityGroupIds: (instance.SecurityGroups ?? []).flatMap((group) => group.GroupId ?? []),
    instanceProfileArn: instance.IamInstanceProfile?.Arn ?? null,
    keyName: instance.KeyName ?? null,
    tags: tagRecord(instance.Tags),
    rootDevice,
    volumes: (instance.BlockDeviceMappings ?? []).map((mapping) => ({ device: mapping.DeviceName ?? '', volumeId: mapping.Ebs?.VolumeId ?? '' })),
  };
}
