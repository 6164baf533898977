import type { ComputePort } from '../../src/activities/compute-port';
import { createDiskActivities } from '../../src/activities/disk-activities';
import type { DiskPort } from '../../src/activities/disk-port';
import { businessFailure } from '../../src/contracts/errors';
import { FakeDisks } from './fake-disks';
import { FACTS, OWNER, SOURCE, expectFailure, losingReply, portOf, untilDone } from './fake-ports';

const activities = (disks: Partial<DiskPort>, compute: Partial<ComputePort> = {}) =>
  createDiskActivities({ disks: portOf<DiskPort>(disks), compute: portOf<ComputePort>(compute), heartbeat: () => undefined, throwIfCancelled: () => undefined });
const notFound = async (): Promise<never> => Promise.reject(businessFailure('NotFound', 'unknown'));
const snapshotOf = (state: string, volumeId = 'vol-b') => ({ snapshotId: `snap-${volumeId}`, volumeId, state, tags: {} });
const DELTA = { device: '/dev/xvdb', sourceVolumeId: 'vol-b', snapshotId: 'snap-1', changedBytes: 0 };

describe('waiting for an image or a snapshot', () => {
  it('goes on while it is not there yet, and ends where it will never be', async () => {
    const image = (state: string) => activities({ image: async () => ({ state, snapshotByDevice: {} }) }).awaitImage({ imageId: 'ami-1' });
    await expectFailure(activities({ image: notFound }).awaitImage({ imageId: 'ami-1' }), 'NotReadyYet');
    await expectFailure(image('pending'), 'NotReadyYet', /ami-1 is pending/);
    await expectFailure(image('failed'), 'VerificationFailed', /ami-1/);
    await expect(image('available')).resolves.toBeUndefined();

    const snapshots = (...states: string[]) => activities({ snapshots: async () => states.map((state) => snapshotOf(state)) }).awaitSnapshots({ snapshotIds: ['snap-vol-b'] });
    await expectFailure(activities({ snapshots: notFound }).awaitSnapshots({ snapshotIds: ['snap-1'] }), 'NotReadyYet');
    await expectFailure(snapshots('completed', 'pending'), 'NotReadyYet');
    await expectFailure(snapshots('completed', 'error'), 'VerificationFailed', /snap-vol-b/);
    await expect(snapshots('completed', 'completed')).resolves.toBeUndefined();
  });
});

describe('deleting the images of a run', () => {
  it('is done at once where there never were any', async () => {
    await expect(activities({ findOwnedImages: async () => [], findOwnedSnapshots: async () => [] }).deleteImages({ owner: OWNER })).resolves.toBeUndefined();
  });

  it('comes to the same end whichever answer is lost', async () => {
    for (let nth = 1; nth <= 6; nth += 1) {
      const [images, snapshots] = [new Set(['ami-1', 'ami-2']), new Set(['snap-1'])];
      const remove = (from: Set<string>) => async (id: string) => (from.delete(id) ? undefined : notFound());
      const { port } = losingReply(
        portOf<DiskPort>({
          findOwnedImages: async () => [...images],
          findOwnedSnapshots: async () => [...snapshots].map((snapshotId) => ({ ...snapshotOf('completed'), snapshotId })),
          deregisterImage: remove(images),
          deleteSnapshot: remove(snapshots),
        }),
        nth,
      );
      await untilDone(() => activities(port).deleteImages({ owner: OWNER }));
      expect([...images, ...snapshots]).toEqual([]);
    }
  });
});

describe('the source’s snapshots', () => {
  it('are refused where a volume of the plan is no longer attached', async () => {
    const { snapshotSource } = activities({ snapshotDataVolumes: async () => [snapshotOf('pending', 'vol-other')] });
    await expectFailure(snapshotSource({ owner: OWNER, source: SOURCE, round: 1 }), 'Conflict', /vol-b \(\/dev\/xvdb\)/);
  });

  it('are measured against the state that the shadow holds: the image’s first, an earlier round’s then', async () => {
    const asked: string[][] = [];
    const { measureDelta } = activities({
      image: async () => ({ state: 'available', snapshotByDevice: { '/dev/xvdb': 'snap-image' } }),
      changedBytes: async (from, to) => asked.push([from, to]) * 512,
    });
    const args = { owner: OWNER, imageId: 'ami-1', deltas: [DELTA] };
    expect(await measureDelta({ ...args, previous: [] })).toEqual([{ ...DELTA, changedBytes: 512, sinceSnapshotId: 'snap-image' }]);
    await measureDelta({ ...args, previous: [{ ...DELTA, snapshotId: 'snap-0' }] });
    expect(asked).toEqual([['snap-image', 'snap-1'], ['snap-0', 'snap-1']]);
    await expectFailure(measureDelta({ ...args, deltas: [{ ...DELTA, device: '/dev/xvdz' }], previous: [] }), 'VerificationFailed', /xvdz/);
  });
});

describe('the snapshots of the shadow’s volumes', () => {
  const deltas = [
    { ...DELTA, snapshotId: 'snap-2', changedBytes: 512, sinceSnapshotId: 'snap-1' },
    { ...DELTA, device: '/dev/xvdc', snapshotId: 'snap-c2', changedBytes: 0, sinceSnapshotId: 'snap-c1' },
  ];
  const write = (written: unknown[], previous: (typeof DELTA)[], throwIfCancelled = (): void => undefined, fromRegion?: string) =>
    createDiskActivities({
      disks: portOf<DiskPort>({
        image: async () => ({ state: 'available', snapshotByDevice: { '/dev/xvdb': 'image-b', '/dev/xvdc': 'image-c' } }),
        writeSnapshot: async (_owner, recipe, onBlock) => {
          onBlock(512);
          written.push(recipe);
          return 'snap-written';
        },
      }),
      compute: portOf<ComputePort>({}),
      heartbeat: () => undefined,
      throwIfCancelled,
    }).writeBlocks({ owner: OWNER, imageId: 'ami-1', deltas, previous, round: 2, ...(fromRegion === undefined ? {} : { fromRegion }) });

  it('are written on what the shadow has: the image’s at first, those of an earlier round then; where nothing changed it keeps it', async () => {
    const written: unknown[] = [];
    expect((await write(written, [])).map(({ snapshotId }) => snapshotId)).toEqual(['snap-written', 'image-c']);
    const previous = [{ ...DELTA, snapshotId: 'written-1' }, { ...DELTA, device: '/dev/xvdc', snapshotId: 'written-c' }];
    expect((await write(written, previous)).map(({ snapshotId }) => snapshotId)).toEqual(['snap-written', 'written-c']);
    const common = { fromId: 'snap-1', toId: 'snap-2', step: 'blocks-2-/dev/xvdb' };
    expect(written).toEqual([{ ...common, parentId: 'image-b' }, { ...common, parentId: 'written-1' }]);
  });

  it('are read from the region of the source, where that is another one', async () => {
    const written: unknown[] = [];
    await write(written, [], undefined, 'us-east-1');
    expect(written).toMatchObject([{ fromRegion: 'us-east-1', parentId: 'image-b', toId: 'snap-2' }]);
  });

  it('are not written to their end where the move is cancelled', async () => {
    const written: unknown[] = [];
    await expect(
      write(written, [], () => {
        throw new Error('cancelled');
      }),
    ).rejects.toThrow('cancelled');
    expect(written).toEqual([]);
  });
});

describe('exchanging volumes', () => {
  const deltas = [
    { device: '/dev/xvdb', sourceVolumeId: 'vol-b', snapshotId: 'snap-b', changedBytes: 512 },
    { device: '/dev/xvdc', sourceVolumeId: 'vol-c', snapshotId: 'snap-c', changedBytes: 512 },
    { device: '/dev/xvdd', sourceVolumeId: 'vol-d', snapshotId: 'snap-d', changedBytes: 0 },
  ];
  const exchange = async (nth: number) => {
    const fake = new FakeDisks({ '/dev/xvdb': 'old-b', '/dev/xvdc': 'old-c', '/dev/xvdd': 'old-d' });
    const { port, calls } = losingReply(fake.disks, nth);
    const { replaceVolumes } = createDiskActivities({ disks: port, compute: fake.compute, heartbeat: () => undefined, throwIfCancelled: () => undefined });
    await untilDone(() => replaceVolumes({ owner: OWNER, instanceId: 'i-2', zone: 'us-east-1b', deltas, round: 1 }));
    return { fake, calls: calls() };
  };

  it('gives changed devices the newer state, leaves the others alone and keeps no volume that nobody holds', async () => {
    const { fake } = await exchange(0);
    expect(fake.contents()).toEqual({ '/dev/xvdb': 'snap-b', '/dev/xvdc': 'snap-c', '/dev/xvdd': 'image' });
    expect([...fake.volumes.keys()].toSorted()).toEqual(['old-d', 'vol-volume-1-/dev/xvdb', 'vol-volume-1-/dev/xvdc']);
  });

  it('comes to the same end whichever answer is lost', async () => {
    const { fake: undisturbed, calls } = await exchange(0);
    const wrong: unknown[] = [];
    for (let nth = 1; nth <= calls; nth += 1) {
      const { fake } = await exchange(nth);
      const same = JSON.stringify(fake.contents()) === JSON.stringify(undisturbed.contents()) && fake.volumes.size === undisturbed.volumes.size;
      if (!same) wrong.push({ nth, contents: fake.contents(), volumes: [...fake.volumes.keys()] });
    }
    expect(calls).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });
});

describe('comparing content', () => {
  const verify = (copies: ReturnType<typeof snapshotOf>[], digests: Record<string, string>) =>
    activities(
      { snapshotDataVolumes: async () => copies, digest: async (snapshotId) => digests[snapshotId] ?? 'unread' },
      { describe: async () => ({ ...FACTS, instanceId: 'i-2', volumes: [{ volumeId: 'vol-s', device: '/dev/xvdb' }] }) },
    ).verifyContent({ owner: OWNER, source: SOURCE, instanceId: 'i-2', imageId: 'ami-1', deltas: [DELTA] });

  it('answers the digest where both are the same', async () => {
    await expect(verify([snapshotOf('completed', 'vol-s')], { 'snap-1': 'same', 'snap-vol-s': 'same' })).resolves.toEqual({ digests: { '/dev/xvdb': 'same' } });
  });

  it('holds it against the digests that were taken where the source is, and reads none of the source itself', async () => {
    const digests = await activities({ digest: async (snapshotId) => `of ${snapshotId}` }).digestContent({ deltas: [DELTA] });
    expect(digests).toEqual({ digests: { '/dev/xvdb': 'of snap-1' } });
    const against = (known: string) =>
      activities(
        { snapshotDataVolumes: async () => [snapshotOf('completed', 'vol-s')], digest: async (snapshotId) => (snapshotId === 'snap-vol-s' ? 'of snap-1' : Promise.reject(new Error(`${snapshotId} is in another region`))) },
        { describe: async () => ({ ...FACTS, instanceId: 'i-2', volumes: [{ volumeId: 'vol-s', device: '/dev/xvdb' }] }) },
      ).verifyContent({ owner: OWNER, source: SOURCE, instanceId: 'i-2', imageId: 'ami-1', deltas: [DELTA], digests: { '/dev/xvdb': known } });
    await expect(against('of snap-1')).resolves.toEqual(digests);
    await expectFailure(against('of another'), 'VerificationFailed', /differs/);
  });

  it('waits for its own snapshots, and refuses another content or a missing volume', async () => {
    await expectFailure(verify([snapshotOf('pending', 'vol-s')], {}), 'NotReadyYet');
    await expectFailure(verify([snapshotOf('completed', 'vol-s')], { 'snap-1': 'aaa', 'snap-vol-s': 'bbb' }), 'VerificationFailed', /\/dev\/xvdb differs: aaa on the source, bbb on the shadow/);
    await expectFailure(verify([snapshotOf('completed', 'vol-x')], {}), 'VerificationFailed', /no volume on \/dev\/xvdb/);
  });
});
