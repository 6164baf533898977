import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { RESIZE_IN_PLACE } from '../../../src/contracts/adjust-shape';
import { HOLD_MESSAGES, PRE_ALLOCATE_CAPACITY } from '../../../src/contracts/pre-allocate-capacity';
import type { HoldStatus, PreAllocateInput } from '../../../src/contracts/pre-allocate-capacity';
import { PROVISION_REPLICAS } from '../../../src/contracts/provision-replicas';
import type { ProvisionReplicasInput, ProvisionReplicasResult, ReplicaTemplate } from '../../../src/contracts/provision-replicas';
import { capacityWorkflowId, migrationWorkflowId, replicasWorkflowId } from '../../../src/contracts/workflow-ids';
import type { Slot } from '../fleet/fleet';
import { NO_FURTHER } from './scenario';
import type { Ended, Scenario } from './scenario';

const ZONES = ['us-east-1a', 'us-east-1b'];
const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 200;
const SHAPES = ['m7i.large', 'c7i.xlarge'] as const;

const sourcesOnly = ({ instanceIds }: Slot): readonly string[] => instanceIds;

/** An instance that was moved runs from an image that its move took away again: nothing more can be launched from that. */
const templateOf = ({ instanceIds: [instanceId = ''], imageId }: Slot): ReplicaTemplate => ({ instanceId, imageId });

function replicasOf({ result }: Ended): readonly string[] {
  const provisioned = result as ProvisionReplicasResult | null;
  return provisioned?.kind === 'Provisioned' ? provisioned.replicas.map(({ instanceId }) => instanceId) : [];
}

function provide(name: string, expects: string, more: Partial<Scenario> = {}): Scenario {
  return {
    name: `${PROVISION_REPLICAS}/${name}`,
    expects,
    start: (slot) => {
      const input: ProvisionReplicasInput = { requestId: randomUUID(), template: templateOf(slot), demand: { peak: { vcpus: 2.4, memoryMiB: 8_192 } }, count: 2, zones: ZONES, constraints: { allow: ['m7i.large'] } };
      return { type: PROVISION_REPLICAS, workflowId: replicasWorkflowId(input.requestId), input };
    },
    serving: ({ instanceIds }, ended) => [...instanceIds, ...replicasOf(ended)],
    added: replicasOf,
    ...more,
  };
}

function hold(name: string, change: Partial<PreAllocateInput>): Scenario {
  return {
    name: `${PRE_ALLOCATE_CAPACITY}/${name}`,
    expects: 'Ended',
    start: (slot) => {
      const { service } = slot;
      const window = [Date.now(), Date.now() + HOUR_MS].map((ms) => new Date(ms).toISOString()).join('/');
      const input: PreAllocateInput = { pool: service, window, template: templateOf(slot), demand: { peak: { vcpus: 3, memoryMiB: 6_000 } }, zones: ZONES, constraints: { allow: ['m7i.large'] }, refreshMs: 2_000, ...change };
      return { type: PRE_ALLOCATE_CAPACITY, workflowId: capacityWorkflowId(service, window), input };
    },
    meanwhile: releaseOnceHeld,
    serving: sourcesOnly,
  };
}

/** As an operator who has seen that it holds what it should. */
async function releaseOnceHeld(handle: WorkflowHandle, isOver: () => boolean): Promise<void> {
  for (; !isOver(); await sleep(LOOK_EVERY_MS)) {
    const status = await handle.query<HoldStatus>('status').catch(() => null);
    if (status === null || status.held.length === 0) continue;
    const released = await handle.executeUpdate(HOLD_MESSAGES.release, { args: [{ reason: 'the case is over' }] }).then(
      () => true,
      () => false,
    );
    if (released) return;
  }
}

/** Replicas, capacity ahead of need, and a change of shape in place. */
export const CAPACITY_SCENARIOS: readonly Scenario[] = [
  provide('two', 'Provisioned'),
  provide('two-back', 'RolledBack', { turn: { activity: 'adoptReplicas', occurrence: 1, directive: NO_FURTHER } }),
  hold('reservation', {}),
  hold('launch', { means: ['launch'] }),
  {
    name: `${RESIZE_IN_PLACE}/two-instances`,
    expects: 'Resized',
    instances: 2,
    start: (slot) => {
      const [instanceId = ''] = slot.instanceIds;
      const shape = SHAPES.find((one) => one !== slot.shape) ?? '';
      return { type: RESIZE_IN_PLACE, workflowId: migrationWorkflowId(instanceId), input: { instanceId, shape, reason: 'a case' } };
    },
    serving: sourcesOnly,
  },
];
