import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { CreateSnapshotCommand, CreateVolumeCommand, DescribeSnapshotsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../../infra/local/gateway/ec2/cloud';
import { createDisks } from '../../../src/adapters/aws/disks';
import { expectFailure } from '../../activities/fake-ports';
import { eventually, startFixture, type Fixture } from '../../infra/local/gateway/gateway-fixture';

const BLOCK = 524_288;
const REGION = 'us-east-1';
const FROM = { fromRegion: REGION };
const OWNER = { workflowId: 'migration/i-1', runId: 'run-1' };
let east: Fixture;
let west: Fixture;
beforeAll(async () => {
  const regions = new Map<string, Cloud>();
  east = await startFixture({ addressPrefix: '127.94', region: REGION, regions });
  west = await startFixture({ addressPrefix: '127.95', region: 'us-west-2', regions });
});
afterAll(async () => {
  await east.stop();
  await west.stop();
});
afterEach(() => expect([...east.defects, ...west.defects]).toEqual([]));

const disksOf = (fixture: Fixture) => createDisks(fixture.ec2, fixture.ebs, () => east.ebs);
const completed = async (fixture: Fixture, id: string): Promise<string> => {
  await eventually(async () => (await disksOf(fixture).snapshots([id]))[0]?.state === 'completed');
  return id;
};
const digestIn = (fixture: Fixture, id: string) => disksOf(fixture).digest(id, () => undefined);
const volume = async (): Promise<{ write: () => void; snapshot: () => Promise<string> }> => {
  const { VolumeId = '' } = await east.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
  await eventually(async () => (await east.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes?.[0]?.State === 'available');
  return {
    write: () => writeFileSync(`${east.dataDir}/volumes/${VolumeId}/data`, randomBytes(6 * BLOCK)),
    snapshot: async () => completed(east, (await east.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? ''),
  };
};

describe('what a move copies to another region', () => {
  it('is an image, tagged as the run\'s with its snapshots, and the same one again when the reply is lost', async () => {
    const imageId = await east.seedImage('app', { 'app.txt': 'hello' });
    const disks = disksOf(west);
    west.gateway.faults.add({ kind: 'dropAfter', operation: 'ec2:CopyImage', times: 1, skip: 0 });
    await expect(disks.copyImage(OWNER, imageId, FROM)).rejects.toThrow('socket hang up');
    const copy = await disks.copyImage(OWNER, imageId, FROM);
    expect(await disks.copyImage(OWNER, imageId, FROM)).toBe(copy);
    expect(await disks.findOwnedImages(OWNER)).toEqual([copy]);
    expect(await disks.findOwnedSnapshots(OWNER)).toHaveLength(1);
    await eventually(async () => (await disks.image(copy)).state === 'available');
    const [of, from] = [(await disks.image(copy)).snapshotByDevice, (await disksOf(east).image(imageId)).snapshotByDevice].map((byDevice) => Object.values(byDevice)[0] ?? '');
    expect(await digestIn(west, of ?? '')).toBe(await digestIn(east, from ?? ''));
  });

  it('are snapshots, each once for its step', async () => {
    const { write, snapshot } = await volume();
    write();
    const id = await snapshot();
    const disks = disksOf(west);
    west.gateway.faults.add({ kind: 'dropAfter', operation: 'ec2:CopySnapshot', times: 1, skip: 0 });
    await expect(disks.copySnapshot(OWNER, id, FROM, 'copy-1')).rejects.toThrow('socket hang up');
    const copy = await disks.copySnapshot(OWNER, id, FROM, 'copy-1');
    expect(await disks.copySnapshot(OWNER, id, FROM, 'copy-1')).toBe(copy);
    expect(await disks.copySnapshot(OWNER, id, FROM, 'copy-2')).not.toBe(copy);
    expect(await digestIn(west, await completed(west, copy))).toBe(await digestIn(east, id));
  });

  it('waits where EC2 makes as many copies as it does at a time', async () => {
    const { write, snapshot } = await volume();
    write();
    const id = await snapshot();
    for (const operation of ['ec2:CopySnapshot', 'ec2:CopyImage']) west.gateway.faults.add({ kind: 'error', operation, code: 'ResourceLimitExceeded', message: 'Too many copies in progress', status: 400, times: 1, skip: 0 });
    await expectFailure(disksOf(west).copySnapshot(OWNER, id, FROM, 'copy-4'), 'Throttled');
    await expectFailure(disksOf(west).copyImage({ ...OWNER, runId: 'run-2' }, 'ami-12345678', FROM), 'Throttled');
  });

  it('is encrypted with the key that is named, also where the original is not', async () => {
    const { write, snapshot } = await volume();
    write();
    const key = 'arn:aws:kms:us-west-2:123456789012:key/mine';
    const copy = await disksOf(west).copySnapshot(OWNER, await snapshot(), { ...FROM, kmsKeyId: key }, 'copy-5');
    const { Snapshots } = await west.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [await completed(west, copy)] }));
    expect(Snapshots).toMatchObject([{ Encrypted: true, KmsKeyId: key }]);
  });

  it('are only the changed blocks, read there and written here on top of the copy of what was before', async () => {
    const { write, snapshot } = await volume();
    write();
    const first = await snapshot();
    write();
    const second = await snapshot();
    const disks = disksOf(west);
    const parentId = await completed(west, await disks.copySnapshot(OWNER, first, FROM, 'copy-3'));
    const written = await disks.writeSnapshot(OWNER, { parentId, fromId: first, toId: second, ...FROM, step: 'blocks-1' }, () => undefined);
    expect(await digestIn(west, await completed(west, written))).toBe(await digestIn(east, second));
  });
});
