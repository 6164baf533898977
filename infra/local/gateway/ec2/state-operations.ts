import type { InstanceStateChange, InstanceStateName, RebootInstancesRequest, StartInstancesRequest, StopInstancesRequest, TerminateInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { findCapacity } from './capacity';
import { refuseDryRun, type Cloud } from './cloud';
import { checkHost } from './hosts';
import { becomeRunning, becomeStopped, becomeTerminated, restartProcess } from './instance-lifecycle';
import { stateView } from './instance-view';
import { owned } from './owned';
import type { InstanceRecord } from './records';

/** Start, stop, reboot and terminate. All instances of a call are checked before the first one changes. */
export function stateOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    StartInstances: owned((input: StartInstancesRequest) => {
      const instances = instancesOf(cloud, input.InstanceIds);
      for (const instance of instances) {
        if (!['stopped', 'pending', 'running'].includes(instance.state)) throw incorrectState(instance, 'started');
      }
      refuseDryRun(input);
      return { StartingInstances: changes(instances, (instance) => startInstance(cloud, instance)) };
    }),

    StopInstances: owned((input: StopInstancesRequest) => {
      const instances = instancesOf(cloud, input.InstanceIds);
      for (const instance of instances) {
        if (!['running', 'stopping', 'stopped'].includes(instance.state)) throw incorrectState(instance, 'stopped');
        if (instance.disableApiStop && instance.state === 'running') throw protectedFrom(instance, 'stopped', 'disableApiStop');
      }
      refuseDryRun(input);
      return {
        StoppingInstances: changes(instances, (instance) => {
          if (instance.state === 'running') becomeStopped(cloud, instance);
        }),
      };
    }),

    RebootInstances: owned((input: RebootInstancesRequest) => {
      const instances = instancesOf(cloud, input.InstanceIds);
      for (const instance of instances) if (instance.state !== 'running') throw incorrectState(instance, 'rebooted');
      refuseDryRun(input);
      for (const instance of instances) cloud.background(() => restartProcess(cloud, instance));
      return {};
    }),

    TerminateInstances: owned((input: TerminateInstancesRequest) => {
      const instances = instancesOf(cloud, input.InstanceIds);
      for (const instance of instances) {
        if (instance.disableApiTermination && !isGone(instance.state)) {
          throw protectedFrom(instance, 'terminated', 'disableApiTermination');
        }
      }
      refuseDryRun(input);
      return {
        TerminatingInstances: changes(instances, (instance) => {
          if (!isGone(instance.state)) becomeTerminated(cloud, instance);
        }),
      };
    }),
  };
}

function instancesOf(cloud: Cloud, ids: readonly string[] | undefined): readonly InstanceRecord[] {
  if (ids === undefined || ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
  return [...new Set(ids)].map((id) => cloud.instance(id));
}

/** Starts a stopped instance where its zone has room for it. */
export function startInstance(cloud: Cloud, instance: InstanceRecord): void {
  if (instance.state !== 'stopped') return;
  const { zone, shape, placement, targetReservationId: targetId, reservationPreference } = instance;
  if (placement?.HostId !== undefined) checkHost(cloud, placement.HostId, { zone, shape, tenancy: placement.Tenancy, count: 1 });
  const [source] = findCapacity(cloud, { zone, shape, targetId, preference: reservationPreference ?? 'open', onHost: placement?.HostId !== undefined, spot: instance.spot }, 1, 1);
  instance.usedReservationId = source?.id;
  instance.launchedAtMs = Date.now();
  instance.stateReason = undefined;
  becomeRunning(cloud, instance);
}

function changes(instances: readonly InstanceRecord[], change: (instance: InstanceRecord) => void): InstanceStateChange[] {
  return instances.map((instance) => {
    const before = instance.state;
    change(instance);
    return { InstanceId: instance.id, PreviousState: stateView(before), CurrentState: stateView(instance.state) };
  });
}

function isGone(state: InstanceStateName): boolean {
  return state === 'shutting-down' || state === 'terminated';
}

function incorrectState(instance: InstanceRecord, done: string): AwsError {
  return new AwsError('IncorrectInstanceState', `The instance '${instance.id}' is not in a state from which it can be ${done} (${instance.state}).`);
}

function protectedFrom(instance: InstanceRecord, done: string, attribute: string): AwsError {
  const message = `The instance '${instance.id}' may not be ${done}. Modify its '${attribute}' instance attribute and try again.`;
  return new AwsError('OperationNotPermitted', message);
}
