import type { BalancerPort } from '../../src/activities/balancer-port';
import type { ComputePort } from '../../src/activities/compute-port';
import type { DiskPort } from '../../src/activities/disk-port';
import { createSourceActivities } from '../../src/activities/source-activities';
import { businessFailure } from '../../src/contracts/errors';
import { FACTS, TRAFFIC, expectFailure, portOf } from './fake-ports';

const OWNED = ['shop', 'bank', null].map((fleet, i) => ({ kind: 'host' as const, capacityId: `h-0000000${i}`, zone: 'a', fleet, totalVcpus: 8, freeVcpus: 8, shapes: ['m5.large'] }));
const activities = (compute: Partial<ComputePort>, balancer: Partial<BalancerPort> = {}) =>
  createSourceActivities({
    compute: portOf<ComputePort>({ isTerminationProtected: async () => false, forbidsTermination: async () => null, ...compute }),
    balancer: portOf<BalancerPort>(balancer),
    owned: { list: async () => OWNED },
    region: 'us-east-1',
    disks: portOf<DiskPort>({ describeVolumes: async (ids) => ids.map((volumeId) => ({ volumeId, sizeGiB: 8, volumeType: 'gp3' })) }),
  });
const running = { describe: async () => FACTS };
const bound = (...bindings: (typeof TRAFFIC)[]) => ({ bindingsOf: async () => bindings });
const gone = () => Promise.reject(businessFailure('NotFound', 'unknown'));

describe('describing the source', () => {
  it('gives its data volumes without the root, and how traffic reaches it', async () => {
    const source = await activities(running, bound(TRAFFIC)).describeSource({ instanceId: 'i-1' });
    expect(source).toMatchObject({ name: 'shop', region: 'us-east-1', dataVolumes: [{ volumeId: 'vol-b', device: '/dev/xvdb', sizeGiB: 8, volumeType: 'gp3' }], traffic: TRAFFIC });
    expect(await activities(running, bound()).describeSource({ instanceId: 'i-1' })).toMatchObject({ traffic: null });
  });

  it('refuses what cannot be moved, and says why', async () => {
    const refused = (compute: Partial<ComputePort>, ...bindings: (typeof TRAFFIC)[]) => activities(compute, bound(...bindings)).describeSource({ instanceId: 'i-1' });
    await expectFailure(refused({ describe: gone }), 'NotFound');
    await expectFailure(refused({ describe: async () => ({ ...FACTS, state: 'stopped' }) }), 'Conflict', /is stopped; only a running instance/);
    await expectFailure(refused({ ...running, isTerminationProtected: async () => true }), 'Conflict', /termination protection/);
    await expectFailure(refused(running, TRAFFIC, { ...TRAFFIC, targetGroupName: 'other' }), 'Conflict', /2 target groups \(pool, other\)/);
    await expectFailure(refused(running, { ...TRAFFIC, routes: [] }), 'Conflict', /not used by any listener/);
  });
});

describe('a source that the worker has no right to end', () => {
  const described = (tags: Record<string, string>) => activities({ describe: async () => ({ ...FACTS, tags }), forbidsTermination: async () => 'no identity-based policy allows it' }, bound(TRAFFIC)).describeSource({ instanceId: 'i-1' });

  it('is described with the reason, and with what it lacks', async () => {
    expect(await described({ Name: 'shop' })).toMatchObject({ cannotEnd: expect.stringMatching(/may not terminate i-1: no identity-based policy allows it\. It carries no tag foreshift:fleet/) });
    expect(await described({ 'foreshift:fleet': 'shop' })).toMatchObject({ cannotEnd: 'the worker may not terminate i-1: no identity-based policy allows it.' });
  });

  it('is not named where the right is there', async () => {
    expect(await activities(running, bound(TRAFFIC)).describeSource({ instanceId: 'i-1' })).not.toHaveProperty('cannotEnd');
  });
});

describe('before load goes back to the source', () => {
  const serves = (compute: Partial<ComputePort>, state: string | null) =>
    activities(compute, { health: async () => (state === null ? null : { state, reason: 'Target.FailedHealthChecks' }) }).verifySourceServes({ instanceId: 'i-1', targetGroupArn: 'group', port: 8080 });

  it('is content with a source that runs and is not known to be ill', async () => {
    for (const state of ['healthy', 'initial', 'unused', null]) await expect(serves(running, state)).resolves.toBeUndefined();
  });

  it('fails for good where the source is gone, stopped or ill', async () => {
    await expectFailure(serves({ describe: gone }, null), 'NotFound');
    await expectFailure(serves({ describe: async () => ({ ...FACTS, state: 'stopped' }) }, 'healthy'), 'VerificationFailed', /is stopped/);
    await expectFailure(serves(running, 'unhealthy'), 'VerificationFailed', /FailedHealthChecks/);
  });
});

describe('retiring the source', () => {
  it('waits until no target group lists it', async () => {
    await expectFailure(activities({}, bound(TRAFFIC)).verifySourceIdle({ instanceId: 'i-1', traffic: TRAFFIC }), 'NotReadyYet', /pool still lists i-1/);
    await expect(activities({}, bound()).verifySourceIdle({ instanceId: 'i-1', traffic: TRAFFIC })).resolves.toBeUndefined();
  });

  it('waits until it is terminated', async () => {
    const seen = (state: string) => activities({ describe: async () => ({ ...FACTS, state }) }).awaitInstanceTerminated({ instanceId: 'i-1' });
    await expectFailure(seen('shutting-down'), 'NotReadyYet', /i-1 is shutting-down/);
    await expect(seen('terminated')).resolves.toBeUndefined();
  });

  it('takes one for terminated that EC2 has forgotten, as it does after about an hour', async () => {
    await expect(activities({ describe: gone }).awaitInstanceTerminated({ instanceId: 'i-1' })).resolves.toBeUndefined();
  });
});
