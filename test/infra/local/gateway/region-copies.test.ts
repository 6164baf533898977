import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { GetSnapshotBlockCommand, ListSnapshotBlocksCommand } from '@aws-sdk/client-ebs';
import {
  CopyImageCommand,
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import type { Cloud } from '../../../../infra/local/gateway/ec2/cloud';
import { NO_DELAYS, eventually, startFixture, type Fixture } from './gateway-fixture';

let east: Fixture;
let west: Fixture;
beforeAll(async () => {
  const regions = new Map<string, Cloud>();
  east = await startFixture({ addressPrefix: '127.92', region: 'us-east-1', regions });
  west = await startFixture({ addressPrefix: '127.93', region: 'us-west-2', regions, delays: { ...NO_DELAYS, snapshotPendingMs: 300 } });
});
afterAll(async () => {
  await east.stop();
  await west.stop();
});
afterEach(() => expect([...east.defects, ...west.defects]).toEqual([]));

const snapshotIn = async ({ ec2 }: Fixture, id: string) => (await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0];
const completed = async (region: Fixture, id: string): Promise<string> => {
  await eventually(async () => (await snapshotIn(region, id))?.State === 'completed');
  return id;
};
const volumeIn = async ({ ec2 }: Fixture, zone: string, from: { SnapshotId?: string; Size?: number; Encrypted?: boolean }): Promise<string> => {
  const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: zone, ...from }));
  await eventually(async () => (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes?.[0]?.State === 'available');
  return VolumeId;
};
const contentOf = async ({ ebs }: Fixture, SnapshotId: string): Promise<string[]> => {
  const { Blocks = [] } = await ebs.send(new ListSnapshotBlocksCommand({ SnapshotId }));
  return Promise.all(
    Blocks.map(async ({ BlockIndex, BlockToken }) => {
      const { BlockData } = await ebs.send(new GetSnapshotBlockCommand({ SnapshotId, BlockIndex, BlockToken }));
      const bytes = (await BlockData?.transformToByteArray()) ?? new Uint8Array();
      return `${BlockIndex ?? -1} ${createHash('sha256').update(bytes).digest('hex')}`;
    }),
  );
};
const snapshotWithData = async (Encrypted = false): Promise<{ id: string; data: Buffer }> => {
  const volumeId = await volumeIn(east, 'us-east-1a', { Size: 1, Encrypted });
  const data = randomBytes(3 * 524_288);
  writeFileSync(`${east.dataDir}/volumes/${volumeId}/data`, data);
  const { SnapshotId = '' } = await east.ec2.send(new CreateSnapshotCommand({ VolumeId: volumeId }));
  return { id: await completed(east, SnapshotId), data };
};

describe('a snapshot that is copied from another region', () => {
  it('is pending, then has the same blocks, of its own: it stays when the original goes', async () => {
    const { id, data } = await snapshotWithData();
    const wanted = await contentOf(east, id);
    const tags = [{ ResourceType: 'snapshot' as const, Tags: [{ Key: 'owner', Value: 'me' }] }];
    const { SnapshotId: copy = '' } = await west.ec2.send(new CopySnapshotCommand({ SourceRegion: 'us-east-1', SourceSnapshotId: id, TagSpecifications: tags }));
    expect(await snapshotIn(west, copy)).toMatchObject({ State: 'pending', Encrypted: false, Tags: [{ Key: 'owner', Value: 'me' }] });
    await completed(west, copy);
    await east.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
    expect(await contentOf(west, copy)).toEqual(wanted);
    // The fixtures have the same zones.
    const restored = await volumeIn(west, 'us-east-1a', { SnapshotId: copy });
    expect(readFileSync(`${west.dataDir}/volumes/${restored}/data`).equals(data)).toBe(true);
    await expect(snapshotIn(east, copy)).rejects.toMatchObject({ name: 'InvalidSnapshot.NotFound' });
  });

  it('is encrypted where the original is, with a key of the region that it is in', async () => {
    const { id } = await snapshotWithData(true);
    const { SnapshotId = '' } = await west.ec2.send(new CopySnapshotCommand({ SourceRegion: 'us-east-1', SourceSnapshotId: id }));
    expect(await snapshotIn(west, SnapshotId)).toMatchObject({ Encrypted: true, KmsKeyId: expect.stringContaining('us-west-2') });
  });

  it('is refused for another reason by another name', async () => {
    const { id } = await snapshotWithData();
    const copy = (more: object) => west.ec2.send(new CopySnapshotCommand({ SourceRegion: 'us-east-1', SourceSnapshotId: id, ...more }));
    await expect(copy({ SourceRegion: 'eu-west-1' })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(copy({ SourceRegion: 'us-west-2' })).rejects.toMatchObject({ name: 'InvalidSnapshot.NotFound' });
    await expect(copy({ Encrypted: false })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(copy({ KmsKeyId: 'alias/mine' })).rejects.toMatchObject({ name: 'InvalidParameterDependency' });
    await expect(copy({ DryRun: true })).rejects.toMatchObject({ name: 'DryRunOperation' });
  });
});

describe('an image that is copied from another region', () => {
  it('becomes available after its snapshots are completed, once for each token, and under a name that is free', async () => {
    const SourceImageId = await east.seedImage('app', { 'app.txt': 'hello' });
    const input = { SourceRegion: 'us-east-1', SourceImageId, Name: 'app-in-the-west', ClientToken: 'one' };
    const [first, again] = [await west.ec2.send(new CopyImageCommand(input)), await west.ec2.send(new CopyImageCommand(input))];
    expect(again.ImageId).toBe(first.ImageId);
    const image = async () => (await west.ec2.send(new DescribeImagesCommand({ ImageIds: [first.ImageId ?? ''] }))).Images?.[0];
    expect(await image()).toMatchObject({ State: 'pending', Name: 'app-in-the-west' });
    await eventually(async () => (await image())?.State === 'available');
    const ofImage = (of: Awaited<ReturnType<typeof image>>) => of?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
    const { Images } = await east.ec2.send(new DescribeImagesCommand({ ImageIds: [SourceImageId] }));
    expect(await contentOf(west, ofImage(await image()))).toEqual(await contentOf(east, ofImage(Images?.[0])));
    await expect(west.ec2.send(new CopyImageCommand({ ...input, ClientToken: 'two' }))).rejects.toMatchObject({ name: 'InvalidAMIName.Duplicate' });
    await expect(west.ec2.send(new CopyImageCommand({ ...input, ClientToken: 'three', Name: 'x', SourceRegion: 'us-west-2' }))).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  });
});
