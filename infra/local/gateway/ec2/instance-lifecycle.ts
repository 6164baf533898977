import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceStateName } from '@aws-sdk/client-ec2';
import type { AttachedDisk } from '../instances/instance-runner';
import { isRoot, type Cloud } from './cloud';
import type { InstanceRecord } from './records';
import { removeVolume } from './volume-creation';

/** Takes a pending instance to running: its disks are there and its process starts. */
export function becomeRunning(cloud: Cloud, instance: InstanceRecord): void {
  setState(cloud, instance, 'pending');
  cloud.timers.after(cloud.deps.delays.instancePendingMs, () =>
    cloud.background(async () => {
      await Promise.all(cloud.volumesOf(instance).map((volume) => volume.ready));
      if (instance.state !== 'pending') return;
      startProcess(cloud, instance);
      instance.runningSinceMs = Date.now();
      setState(cloud, instance, 'running');
    }),
  );
}

/** Takes a running instance to stopped; its disks stay. */
export function becomeStopped(cloud: Cloud, instance: InstanceRecord): void {
  giveUpCapacity(instance);
  instance.stateReason = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
  setState(cloud, instance, 'stopping');
  cloud.background(async () => {
    await Promise.all([cloud.deps.runner.stop(instance.id), sleep(cloud.deps.delays.instanceStoppingMs, undefined, { ref: false })]);
    // It may have been terminated while it stopped.
    if (instance.state === 'stopping') setState(cloud, instance, 'stopped');
  });
}

/** Takes an instance in any state to terminated; its disks go or become free, as they were attached. */
export function becomeTerminated(cloud: Cloud, instance: InstanceRecord): void {
  giveUpCapacity(instance);
  instance.stateReason = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
  setState(cloud, instance, 'shutting-down');
  cloud.background(async () => {
    await Promise.all([cloud.deps.runner.stop(instance.id), sleep(cloud.deps.delays.instanceStoppingMs, undefined, { ref: false })]);
    for (const volume of cloud.volumesOf(instance)) {
      if (volume.attachment?.deleteOnTermination === true) {
        removeVolume(cloud, volume);
      } else {
        volume.attachment = undefined;
        volume.state = 'available';
      }
    }
    await cloud.deps.runner.forget(instance.id);
    setState(cloud, instance, 'terminated');
    cloud.timers.after(cloud.deps.terminatedVisibleMs, () => cloud.instances.delete(instance.id));
  });
}

/** Ends the processes of an instance and starts them again; for AWS it is running all the while. */
export async function restartProcess(cloud: Cloud, instance: InstanceRecord, between?: () => Promise<void>): Promise<void> {
  await cloud.deps.runner.stop(instance.id);
  try {
    await between?.();
  } finally {
    if (instance.state === 'running') startProcess(cloud, instance);
  }
}

/** The data disks of an instance: attached and not the root. */
export function dataDisksOf(cloud: Cloud, instance: InstanceRecord): readonly AttachedDisk[] {
  return cloud
    .volumesOf(instance)
    .filter((volume) => !isRoot(volume, instance) && volume.attachment?.state === 'attached')
    .map((volume) => ({ device: volume.attachment?.device ?? '', folder: cloud.deps.disks.folderOf(volume.id) }));
}

function startProcess(cloud: Cloud, instance: InstanceRecord): void {
  if (cloud.isStopped || cloud.darkZones.has(instance.zone)) return;
  const root = cloud.volumesOf(instance).find((volume) => isRoot(volume, instance));
  if (!root) return;
  cloud.deps.runner.start({
    instanceId: instance.id,
    address: instance.address,
    zone: instance.zone,
    shape: instance.shape,
    userData: instance.userData,
    rootFolder: cloud.deps.disks.folderOf(root.id),
    disks: dataDisksOf(cloud, instance),
  });
}

function giveUpCapacity(instance: InstanceRecord): void {
  instance.usedReservationId = undefined;
  instance.runningSinceMs = undefined;
}

function setState(cloud: Cloud, instance: InstanceRecord, state: InstanceStateName): void {
  instance.state = state;
  cloud.instanceChanged(instance.id);
}
