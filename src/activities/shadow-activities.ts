import { retryableFailure } from '../contracts/errors';
import type { MigrationActivities } from '../contracts/migration-activities';
import { MOVED_FROM_TAG, OWNER_TAG, REPLACES_TAG, ROLE_TAG, RUN_TAG } from '../contracts/workflow-ids';
import type { ComputePort } from './compute-port';
import type { DiskPort } from './disk-port';
import { seenYet } from './seen-yet';

type ShadowActivities = Pick<
  MigrationActivities,
  | 'launchShadow'
  | 'awaitInstanceRunning'
  | 'awaitInstanceHealthy'
  | 'awaitInstanceStopped'
  | 'stopShadow'
  | 'startShadow'
  | 'terminateShadows'
  | 'adoptReplacement'
  | 'disownReplacement'
  | 'probeApplication'
>;

/** Fetches a page from an instance; the activity's own timeout bounds it. */
export type Fetch = (url: string) => Promise<{ readonly status: number; readonly digest: string }>;

export interface ShadowDependencies {
  readonly compute: ComputePort;
  /** That of a region; without one, of the worker's own. */
  readonly computeIn: (region?: string) => ComputePort;
  readonly disks: DiskPort;
  readonly fetch: Fetch;
}

/** The replacement while it is one: launched, checked, adopted or ended. */
export function createShadowActivities({ compute, computeIn, disks, fetch }: ShadowDependencies): ShadowActivities {
  const awaitState = async (instanceId: string, wanted: string): Promise<void> => {
    const { state } = await seenYet(instanceId, compute.describe(instanceId));
    if (state !== wanted) throw retryableFailure('NotReadyYet', `${instanceId} is ${state}, not yet ${wanted}`);
  };

  return {
    async launchShadow({ source: { instanceId, region }, network, ...request }) {
      const sources = computeIn(region);
      const facts = await sources.describe(instanceId);
      const source = network === undefined ? facts : { ...facts, securityGroupIds: network.securityGroupIds, keyName: network.keyName };
      return compute.launch({ ...request, source, userData: await sources.userData(instanceId) });
    },
    awaitInstanceRunning: ({ instanceId }) => awaitState(instanceId, 'running'),
    awaitInstanceStopped: ({ instanceId }) => awaitState(instanceId, 'stopped'),
    async awaitInstanceHealthy({ instanceId }) {
      if (!(await compute.passesChecks(instanceId))) throw retryableFailure('NotReadyYet', `the checks of ${instanceId} are not "ok" yet`);
    },
    stopShadow: ({ instanceId }) => compute.stop(instanceId),
    startShadow: ({ instanceId }) => compute.start(instanceId),
    async terminateShadows({ owner }) {
      const alive = await compute.findOwned(owner);
      await compute.terminate(alive.map((facts) => facts.instanceId));
      if (alive.length > 0) throw retryableFailure('NotReadyYet', `${alive.map((facts) => facts.instanceId).join(', ')} still ends`);
      for (const volumeId of await disks.findOwnedFreeVolumes(owner)) await disks.deleteVolume(volumeId);
    },
    async adoptReplacement({ source, instanceId }) {
      const facts = await compute.describe(instanceId);
      const resources = [instanceId, ...facts.volumes.map((volume) => volume.volumeId)];
      await compute.tag([instanceId], { [REPLACES_TAG]: source.instanceId, [MOVED_FROM_TAG]: `${source.hostId ?? source.zone} ${source.shape}` });
      await compute.untag(resources, [OWNER_TAG, RUN_TAG, ROLE_TAG]);
    },
    async disownReplacement({ owner, instanceId }) {
      const facts = await compute.describe(instanceId);
      const resources = [instanceId, ...facts.volumes.map((volume) => volume.volumeId)];
      await compute.tag(resources, { [OWNER_TAG]: owner.workflowId, [RUN_TAG]: owner.runId, [ROLE_TAG]: 'shadow' });
      await compute.untag([instanceId], [REPLACES_TAG, MOVED_FROM_TAG]);
    },
    async probeApplication({ sourceId, instanceId, port, path }) {
      const [source, shadow] = await Promise.all([sourceId, instanceId].map((id) => probe(compute, fetch, id, port, path)));
      if (shadow?.status !== 200) throw retryableFailure('NotReadyYet', `${path} on ${instanceId} answers ${shadow?.status ?? 'nothing'}`);
      if (source?.digest !== shadow.digest) throw retryableFailure('NotReadyYet', `${path} answers differently on ${instanceId} and ${sourceId}`);
      return { digest: shadow.digest };
    },
  };
}

async function probe(compute: ComputePort, fetch: Fetch, instanceId: string, port: number, path: string): Promise<{ status: number; digest: string }> {
  const { address } = await compute.describe(instanceId);
  return fetch(`http://${address}:${port}${path}`).catch((error: unknown) => {
    throw retryableFailure('NotReadyYet', `${path} on ${instanceId} does not answer: ${String(error)}`);
  });
}
