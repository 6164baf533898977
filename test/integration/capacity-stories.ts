import type { WorkflowHandle } from '@temporalio/client';
import type { ResizeResult } from '../../src/contracts/adjust-shape';
import type { HoldStatus, PreAllocateResult } from '../../src/contracts/pre-allocate-capacity';
import type { ProvisionReplicasInput, ProvisionReplicasResult, ProvisionStatus } from '../../src/contracts/provision-replicas';
import { removeInstances, typeAndState } from './capacity-check';
import type { LiveFleet } from './live-fleet';

export const ZONES = ['us-east-1a', 'us-east-1b'];
const HOUR_MS = 3_600_000;

/** What a request did, begun from a terminal and looked at until it is done. */
export interface Story {
  /** Its faults stand, and the workflow is started. */
  begin(): Promise<unknown>;
  /** How it ended, checked; the instances that it added to its service. */
  end(): Promise<readonly string[]>;
}

let count = 0;

/** A request for two replicas of `web`, by its own demand. */
export function replicasOf(live: LiveFleet, change: Partial<ProvisionReplicasInput> = {}): ProvisionReplicasInput {
  return {
    requestId: `case-${(count += 1)}`,
    template: { instanceId: live.instance('web-1') },
    demand: { peak: { vcpus: 2.4, memoryMiB: 8_192 } },
    count: 2,
    zones: ZONES,
    constraints: { allow: ['m7i.large'] },
    ...change,
  };
}

export function startReplicas(live: LiveFleet, input: ProvisionReplicasInput): Promise<WorkflowHandle> {
  return live.startByCli('provisionReplicas', `replicas/${input.requestId}`, input);
}

/** Replies that are lost once each; the calls were carried out. */
export async function losesReplies(live: LiveFleet, ...operations: readonly string[]): Promise<void> {
  for (const operation of operations) await live.control('POST', '/_local/faults', { kind: 'dropAfter', operation, times: 1 });
}

/** Waits until the workflow's own status says so. */
export async function untilStatus<S>(live: LiveFleet, handle: WorkflowHandle, what: string, holds: (status: S) => boolean): Promise<S> {
  return (await live.until(handle, what, (status) => holds(status as S))) as S;
}

/** Two replicas of `web`; the first zone has no room. */
export function providingStory(live: LiveFleet): Story {
  let handle: WorkflowHandle;
  return {
    async begin() {
      await live.control('PUT', '/_local/pools', { zone: 'us-east-1a', shape: 'm7i.large', capacity: 0 });
      await losesReplies(live, 'ec2:CreateCapacityReservation', 'ec2:RunInstances', 'elasticloadbalancing:RegisterTargets', 'ec2:DeleteTags', 'ec2:CancelCapacityReservation');
      handle = await startReplicas(live, replicasOf(live));
    },
    async end() {
      const result = (await handle.result()) as ProvisionReplicasResult;
      expect(result).toMatchObject({ kind: 'Provisioned', complete: true, replicas: [{ zone: 'us-east-1b' }, { zone: 'us-east-1b' }] });
      return idsOf(result);
    },
  };
}

/** Two replicas that are kept; one is lost and is to be replaced, then all are released. */
export function keepingStory(live: LiveFleet): Story & { lose(): Promise<void>; release(): Promise<void> } {
  const input = replicasOf(live, { keep: true });
  let handle: WorkflowHandle;
  return {
    async begin() {
      handle = await startReplicas(live, input);
      await untilStatus<ProvisionStatus>(live, handle, 'two replicas', ({ phase }) => phase === 'keep');
    },
    async lose() {
      const { replicas } = await handle.query<ProvisionStatus>('status');
      await removeInstances(live, 'web', replicas.slice(0, 1).map(({ instanceId }) => instanceId));
    },
    async release() {
      await untilStatus<ProvisionStatus>(live, handle, 'one replacement', ({ replacements, replicas }) => replacements.length === 1 && replicas.length === 2);
      const { code } = await live.temporal('workflow', 'update', 'start', '--workflow-id', handle.workflowId, '--name', 'release', '--input', '{"reason":"the case is over"}', '--wait-for-stage', 'accepted');
      expect(code).toBe(0);
    },
    async end() {
      expect(await handle.result()).toMatchObject({ kind: 'Released', replaced: 1 });
      return [];
    },
  };
}

/** The last `m7i.xlarge` of a zone is held for `api`, and a request for a replica of `api` is handed it. */
export function holdingStory(live: LiveFleet): Story & { release(): Promise<void> } {
  const window = [Date.now(), Date.now() + HOUR_MS].map((ms) => new Date(ms).toISOString()).join('/');
  const place = { zones: ['us-east-1b'], constraints: { allow: ['m7i.xlarge'] } };
  let hold: WorkflowHandle;
  let taken: ProvisionReplicasResult;
  return {
    async begin() {
      await live.control('PUT', '/_local/pools', { zone: 'us-east-1b', shape: 'm7i.xlarge', capacity: 1 });
      await losesReplies(live, 'ec2:CreateCapacityReservation', 'ec2:CancelCapacityReservation');
      hold = await live.startByCli('preAllocateCapacity', `capacity/api/${window}`, { pool: 'api', window, demand: { peak: { vcpus: 1, memoryMiB: 1_024 } }, refreshMs: 2_000, ...place });
    },
    async release() {
      await untilStatus<HoldStatus>(live, hold, 'one reservation', ({ held }) => held.length === 1);
      taken = (await (await startReplicas(live, replicasOf(live, { template: { instanceId: live.instance('api-1') }, count: 1, ...place }))).result()) as ProvisionReplicasResult;
      await untilStatus<HoldStatus>(live, hold, 'a judged hand-over', ({ handedOver }) => handedOver[0]?.wouldHaveFailed === true);
      const { code } = await live.temporal('workflow', 'update', 'start', '--workflow-id', hold.workflowId, '--name', 'release', '--input', '{}', '--wait-for-stage', 'accepted');
      expect(code).toBe(0);
    },
    async end() {
      expect((await hold.result()) as PreAllocateResult).toMatchObject({ kind: 'Ended', report: { handedOver: 1, refusalsAvoided: 1 } });
      expect(taken).toMatchObject({ kind: 'Provisioned', complete: true });
      return idsOf(taken);
    },
  };
}

/** An instance of `web` becomes another type and back again, case by case. */
export function resizingStory(live: LiveFleet): Story {
  const instanceId = live.instance('web-2');
  let [from, to]: readonly string[] = [];
  let handle: WorkflowHandle;
  return {
    async begin() {
      [from = ''] = (await typeAndState(live, instanceId)).split(' ');
      to = from === 'm7i.large' ? 'c7i.xlarge' : 'm7i.large';
      await losesReplies(live, 'elasticloadbalancing:DeregisterTargets', 'ec2:StopInstances', 'ec2:ModifyInstanceAttribute', 'ec2:StartInstances', 'elasticloadbalancing:RegisterTargets');
      handle = await live.startByCli('resizeInPlace', `migration/${instanceId}`, { instanceId, shape: to, reason: 'a case' });
    },
    async end() {
      expect((await handle.result()) as ResizeResult).toMatchObject({ kind: 'Resized', from, to });
      expect(await typeAndState(live, instanceId)).toBe(`${to} running`);
      return [];
    },
  };
}

function idsOf(result: ProvisionReplicasResult): readonly string[] {
  return result.kind === 'Provisioned' ? result.replicas.map(({ instanceId }) => instanceId) : [];
}
