import type { ComputePort, InstanceFacts } from '../../src/activities/compute-port';
import type { DiskPort } from '../../src/activities/disk-port';
import { createShadowActivities } from '../../src/activities/shadow-activities';
import type { Fetch } from '../../src/activities/shadow-activities';
import { businessFailure } from '../../src/contracts/errors';
import { MOVED_FROM_TAG, OWNER_TAG, REPLACES_TAG, ROLE_TAG, RUN_TAG } from '../../src/contracts/workflow-ids';
import { FACTS, OWNER, SOURCE, expectFailure, losingReply, portOf, untilDone } from './fake-ports';

const noFetch: Fetch = () => Promise.reject(new Error('fetch was called'));
const activities = (compute: Partial<ComputePort>, disks: Partial<DiskPort> = {}, fetch: Fetch = noFetch) =>
  createShadowActivities({ compute: portOf<ComputePort>(compute), computeIn: () => portOf<ComputePort>(compute), disks: portOf<DiskPort>(disks), fetch });
const shadow = (state: string): InstanceFacts => ({ ...FACTS, instanceId: 'i-2', state });

describe('waiting for the shadow', () => {
  it('goes on while EC2 does not know it yet or it is in another state', async () => {
    const unknown = activities({ describe: () => Promise.reject(businessFailure('NotFound', 'unknown')) });
    await expectFailure(unknown.awaitInstanceRunning({ instanceId: 'i-2' }), 'NotReadyYet');
    const pending = activities({ describe: async () => shadow('pending'), passesChecks: async () => false });
    await expectFailure(pending.awaitInstanceRunning({ instanceId: 'i-2' }), 'NotReadyYet', /i-2 is pending/);
    await expectFailure(pending.awaitInstanceStopped({ instanceId: 'i-2' }), 'NotReadyYet');
    await expectFailure(pending.awaitInstanceHealthy({ instanceId: 'i-2' }), 'NotReadyYet');
    await expect(activities({ describe: async () => shadow('running') }).awaitInstanceRunning({ instanceId: 'i-2' })).resolves.toBeUndefined();
  });
});

describe('terminating the shadows of a run', () => {
  /** Ends what it is told to over two looks; the volumes come free with it. */
  const cloud = (state: string | null) => {
    let [current, volumes, looks] = [state, state === null ? [] : ['vol-1'], 0];
    const ended: string[] = [];
    return {
      ended,
      compute: portOf<ComputePort>({
        findOwned: async () => {
          if (current === 'shutting-down' && (looks += 1) > 1) current = null;
          return current === null ? [] : [shadow(current)];
        },
        terminate: async (ids) => {
          ended.push(...ids);
          if (current === 'running') current = 'shutting-down';
        },
      }),
      disks: portOf<DiskPort>({
        findOwnedFreeVolumes: async () => (current === null ? volumes : []),
        deleteVolume: async (id) => void (volumes = volumes.filter((one) => one !== id)),
      }),
      left: () => ({ instance: current, volumes }),
    };
  };

  it('is done at once where none was ever launched', async () => {
    const { compute, disks, ended } = cloud(null);
    await activities(compute, disks).terminateShadows({ owner: OWNER });
    expect(ended).toEqual([]);
  });

  it('is not ready before they are gone, and deletes what they leave', async () => {
    const { compute, disks, left } = cloud('running');
    await expectFailure(activities(compute, disks).terminateShadows({ owner: OWNER }), 'NotReadyYet', /i-2/);
    expect(left()).toEqual({ instance: 'shutting-down', volumes: ['vol-1'] });
    await untilDone(() => activities(compute, disks).terminateShadows({ owner: OWNER }));
    expect(left()).toEqual({ instance: null, volumes: [] });
  });

  it('comes to the same end whichever answer is lost', async () => {
    for (let nth = 1; nth <= 5; nth += 1) {
      const { compute, disks, left } = cloud('running');
      const { terminateShadows } = activities(losingReply(compute, nth).port, losingReply(disks, nth).port);
      await untilDone(() => terminateShadows({ owner: OWNER }));
      expect(left()).toEqual({ instance: null, volumes: [] });
    }
  });
});

describe('the shadow’s owner tags', () => {
  const OWNED = { [OWNER_TAG]: OWNER.workflowId, [RUN_TAG]: OWNER.runId, [ROLE_TAG]: 'shadow' };
  const tagged = () => {
    const tags = new Map<string, Record<string, string>>(['i-2', 'vol-root', 'vol-b'].map((id) => [id, { ...OWNED, Name: 'shop' }]));
    const compute = portOf<ComputePort>({
      describe: async () => shadow('running'),
      tag: async (ids, added) => ids.forEach((id) => tags.set(id, { ...tags.get(id), ...added })),
      untag: async (ids, keys) => ids.forEach((id) => tags.set(id, Object.fromEntries(Object.entries(tags.get(id) ?? {}).filter(([key]) => !keys.includes(key))))),
    });
    return { tags, compute };
  };
  const adoption = { owner: OWNER, source: SOURCE, instanceId: 'i-2' };

  it('go when it is adopted, from its volumes too, and come back when it is disowned, whichever answer is lost', async () => {
    for (let nth = 0; nth <= 3; nth += 1) {
      const { tags, compute } = tagged();
      const before = Object.fromEntries(tags);
      const { adoptReplacement } = activities(losingReply(compute, nth).port);
      await untilDone(() => adoptReplacement(adoption));
      expect(Object.fromEntries(tags)).toEqual({ 'i-2': { Name: 'shop', [REPLACES_TAG]: 'i-1', [MOVED_FROM_TAG]: 'us-east-1a m5.large' }, 'vol-root': { Name: 'shop' }, 'vol-b': { Name: 'shop' } });
      const { disownReplacement } = activities(losingReply(compute, nth).port);
      await untilDone(() => disownReplacement(adoption));
      expect(Object.fromEntries(tags)).toEqual(before);
    }
  });

  it('stay as they are when it is disowned without ever having been adopted', async () => {
    const { tags, compute } = tagged();
    const before = Object.fromEntries(tags);
    await activities(compute).disownReplacement(adoption);
    expect(Object.fromEntries(tags)).toEqual(before);
  });
});

describe('probing the application', () => {
  const probe = (answers: Record<string, { status: number; digest: string } | Error>) =>
    activities({ describe: async (id) => ({ ...FACTS, instanceId: id, address: id }) }, {}, async (url) => {
      const answer = answers[url];
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error(`unexpected ${url}`);
      return answer;
    }).probeApplication({ sourceId: 'i-1', instanceId: 'i-2', port: 8080, path: '/version' });
  const [source, target] = ['http://i-1:8080/version', 'http://i-2:8080/version'] as const;

  it('answers the digest that both have', async () => {
    await expect(probe({ [source]: { status: 200, digest: 'd' }, [target]: { status: 200, digest: 'd' } })).resolves.toEqual({ digest: 'd' });
  });

  it('is not ready while the shadow does not answer, answers an error, or something else than the source', async () => {
    await expectFailure(probe({ [source]: { status: 200, digest: 'd' }, [target]: new Error('ECONNREFUSED') }), 'NotReadyYet', /i-2 does not answer/);
    await expectFailure(probe({ [source]: { status: 500, digest: 'd' }, [target]: { status: 500, digest: 'd' } }), 'NotReadyYet', /answers 500/);
    await expectFailure(probe({ [source]: { status: 200, digest: 'd' }, [target]: { status: 200, digest: 'e' } }), 'NotReadyYet', /differently/);
  });
});
