import type { RunInstancesRequest, Reservation } from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { findCapacity, type CapacitySource } from './capacity';
import { refuseDryRun, type Cloud } from './cloud';
import { checkHost } from './hosts';
import { newId } from './ids';
import { becomeRunning } from './instance-lifecycle';
import { reservationViews } from './instance-view';
import { planLaunch, type LaunchPlan } from './launch-plan';
import { owned } from './owned';
import { checkQuota } from './vcpu-quota';
import type { InstanceRecord } from './records';
import { tagsFor } from './tags';
import { createVolumeRecord } from './volume-creation';

/** RunInstances. */
export function launchOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    RunInstances: owned(async (input: RunInstancesRequest): Promise<Reservation> => {
      const launched =
        input.DryRun === true ? await launchInstances(cloud, input) : await cloud.tokens.once('RunInstances', input, () => launchInstances(cloud, input));
      if (launched.some((instance) => instance.state === 'terminated')) {
        const message = `The client token ${input.ClientToken ?? ''} was used for an instance that has been terminated`;
        throw new AwsError('IdempotentInstanceTerminated', message);
      }
      const [view] = reservationViews(cloud, launched);
      return view ?? {};
    }),
  };
}

/** Launches as EC2 does, with all checks of parameters, capacity and quota. */
export async function launchInstances(cloud: Cloud, input: RunInstancesRequest): Promise<readonly InstanceRecord[]> {
  const plan = await planLaunch(cloud, input);
  // From here to the last record nothing may wait: two launches must not find the same free capacity.
  if (input.Placement?.HostId !== undefined) checkHost(cloud, input.Placement.HostId, { zone: plan.subnet.zone, shape: plan.shape, tenancy: input.Placement.Tenancy, count: plan.max });
  const sources = findCapacity(cloud, plan.wish, plan.min, plan.max);
  if (!plan.wish.spot) checkQuota(cloud, plan.shape, sources.filter((source) => source === undefined).length);
  refuseDryRun(input);
  const launchId = newId('r');
  const instances = sources.map((source, index) => createInstance(cloud, input, plan, { launchId, index, source }));
  for (const instance of instances) becomeRunning(cloud, instance);
  return instances;
}

function createInstance(
  cloud: Cloud,
  input: RunInstancesRequest,
  plan: LaunchPlan,
  launched: { readonly launchId: string; readonly index: number; readonly source: CapacitySource },
): InstanceRecord {
  const nowMs = Date.now();
  const volumes = plan.disks.map((disk) => ({
    disk,
    volume: createVolumeRecord(cloud, plan.subnet.zone, disk, tagsFor('volume', input.TagSpecifications)),
  }));
  const { Name: profileName, Arn: profileArn } = input.IamInstanceProfile ?? {};
  const instance: InstanceRecord = {
    id: newId('i'),
    seq: cloud.nextSeq(),
    createdAtMs: nowMs,
    tags: tagsFor('instance', input.TagSpecifications),
    launchId: launched.launchId,
    launchIndex: launched.index,
    clientToken: input.ClientToken,
    imageId: plan.image.id,
    architecture: plan.architecture,
    zone: plan.subnet.zone,
    subnetId: plan.subnet.subnetId,
    vpcId: plan.subnet.vpcId,
    address: cloud.nextAddress(),
    securityGroupIds: plan.securityGroupIds,
    keyName: input.KeyName,
    profileArn: profileArn ?? (profileName && `arn:aws:iam::${cloud.deps.accountId}:instance-profile/${profileName}`),
    placement: input.Placement,
    metadataOptions: input.MetadataOptions,
    rootDeviceName: plan.image.rootDeviceName,
    monitoring: input.Monitoring?.Enabled ?? false,
    shape: plan.shape,
    ebsOptimized: input.EbsOptimized ?? false,
    state: 'pending',
    stateReason: undefined,
    launchedAtMs: nowMs,
    runningSinceMs: undefined,
    userData: input.UserData,
    disableApiTermination: input.DisableApiTermination ?? false,
    disableApiStop: input.DisableApiStop ?? false,
    shutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? 'stop',
    spot: plan.wish.spot,
    cpuCredits: input.CreditSpecification?.CpuCredits,
    reservationPreference: input.CapacityReservationSpecification?.CapacityReservationPreference,
    targetReservationId: plan.wish.targetId,
    usedReservationId: launched.source?.id,
  };
  for (const { disk, volume } of volumes) {
    volume.state = 'in-use';
    volume.attachment = {
      instanceId: instance.id,
      device: disk.device,
      attachedAtMs: nowMs,
      state: 'attached',
      deleteOnTermination: disk.deleteOnTermination,
    };
  }
  cloud.instances.set(instance.id, instance);
  return instance;
}
