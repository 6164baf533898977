import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  CompleteSnapshotCommand,
  GetSnapshotBlockCommand,
  ListChangedBlocksCommand,
  ListSnapshotBlocksCommand,
  PutSnapshotBlockCommand,
  StartSnapshotCommand,
} from '@aws-sdk/client-ebs';
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { eventually, startFixture, type Fixture } from './gateway-fixture';

const BLOCK = 524_288;
let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture({ addressPrefix: '127.83' });
});
afterAll(() => fixture.stop());
afterEach(() => expect(fixture.defects).toEqual([]));

const completed = async (id: string): Promise<string> => {
  await eventually(async () => {
    const { Snapshots } = await fixture.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }));
    return Snapshots?.[0]?.State === 'completed';
  });
  return id;
};
const snapshotOf = async (VolumeId: string) =>
  completed((await fixture.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? '');
const volume = async (SnapshotId?: string, AvailabilityZone = 'us-east-1a'): Promise<string> => {
  const { VolumeId = '' } = await fixture.ec2.send(new CreateVolumeCommand({ AvailabilityZone, ...(SnapshotId ? { SnapshotId } : { Size: 1 }) }));
  await eventually(async () => {
    const { Volumes } = await fixture.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }));
    return Volumes?.[0]?.State === 'available';
  });
  return VolumeId;
};
const folder = (id: string) => `${fixture.dataDir}/volumes/${id}`;
const sha = (data: Uint8Array) => createHash('sha256').update(data).digest('base64');
const blocksOf = async (SnapshotId: string) => (await fixture.ebs.send(new ListSnapshotBlocksCommand({ SnapshotId }))).Blocks ?? [];

describe('snapshots of volumes', () => {
  it('restore the whole tree', async () => {
    const source = await volume();
    const big = randomBytes(BLOCK + 1000);
    mkdirSync(`${folder(source)}/deep/er`, { recursive: true });
    writeFileSync(`${folder(source)}/deep/er/big`, big);
    writeFileSync(`${folder(source)}/empty`, '');
    const copy = await volume(await snapshotOf(source), 'us-east-1b');
    expect(readFileSync(`${folder(copy)}/deep/er/big`).equals(big)).toBe(true);
    expect(readFileSync(`${folder(copy)}/empty`, 'utf8')).toBe('');
  });

  it('share unchanged blocks with the previous snapshot', async () => {
    const id = await volume();
    for (const name of ['a', 'b', 'c']) writeFileSync(`${folder(id)}/${name}`, randomBytes(3 * BLOCK));
    const first = await snapshotOf(id);
    const changed = readFileSync(`${folder(id)}/b`);
    changed[BLOCK + 7] = (changed[BLOCK + 7] ?? 0) ^ 1;
    writeFileSync(`${folder(id)}/b`, changed);
    const second = await snapshotOf(id);
    expect(await blocksOf(second)).toHaveLength((await blocksOf(first)).length);
    const { ChangedBlocks = [], BlockSize } = await fixture.ebs.send(
      new ListChangedBlocksCommand({ FirstSnapshotId: first, SecondSnapshotId: second }),
    );
    expect(BlockSize).toBe(BLOCK);
    expect(ChangedBlocks).toHaveLength(1);
    const { BlockIndex, SecondBlockToken: BlockToken } = ChangedBlocks[0] ?? {};
    const block = await fixture.ebs.send(new GetSnapshotBlockCommand({ SnapshotId: second, BlockIndex, BlockToken }));
    const data = await (block.BlockData as unknown as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
    expect(block).toMatchObject({ DataLength: BLOCK, Checksum: sha(data), ChecksumAlgorithm: 'SHA256' });
    expect(Buffer.from(data).equals(changed.subarray(BLOCK, 2 * BLOCK))).toBe(true);
  });

  it('list blocks page by page', async () => {
    const id = await volume();
    writeFileSync(`${folder(id)}/large`, randomBytes(150 * BLOCK));
    const SnapshotId = await snapshotOf(id);
    const first = await fixture.ebs.send(new ListSnapshotBlocksCommand({ SnapshotId, MaxResults: 100 }));
    const second = await fixture.ebs.send(new ListSnapshotBlocksCommand({ SnapshotId, MaxResults: 100, NextToken: first.NextToken }));
    expect([first.Blocks?.length, second.Blocks?.length, second.NextToken]).toEqual([100, 51, undefined]);
  });

  it('take all volumes of an instance at once, and an image keeps its own', async () => {
    const imageId = await fixture.seedImage('with-data');
    const { Instances } = await fixture.ec2.send(
      new RunInstancesCommand({
        ImageId: imageId,
        InstanceType: 'm5.large',
        MinCount: 1,
        MaxCount: 1,
        BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 2 } }],
      }),
    );
    const InstanceId = Instances?.[0]?.InstanceId;
    const { Snapshots } = await fixture.ec2.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId } }));
    expect(Snapshots?.map(({ VolumeSize }) => VolumeSize)).toEqual([8, 2]);
    const { Snapshots: all = [] } = await fixture.ec2.send(new DescribeSnapshotsCommand({ Filters: [{ Name: 'description', Values: ['with-data'] }] }));
    await expect(fixture.ec2.send(new DeleteSnapshotCommand({ SnapshotId: all[0]?.SnapshotId }))).rejects.toMatchObject({
      name: 'InvalidSnapshot.InUse',
    });
  });
});

describe('volumes', () => {
  it('refuse an instance in another zone and deletion while attached', async () => {
    const { Instances } = await fixture.ec2.send(
      new RunInstancesCommand({
        ImageId: await fixture.seedImage('plain'),
        InstanceType: 'm5.large',
        MinCount: 1,
        MaxCount: 1,
        Placement: { AvailabilityZone: 'us-east-1a' },
      }),
    );
    const { InstanceId, BlockDeviceMappings } = Instances?.[0] ?? {};
    const far = await volume(undefined, 'us-east-1b');
    await expect(fixture.ec2.send(new AttachVolumeCommand({ VolumeId: far, InstanceId, Device: '/dev/sdg' }))).rejects.toMatchObject({
      name: 'InvalidVolume.ZoneMismatch',
    });
    const root = BlockDeviceMappings?.[0]?.Ebs?.VolumeId;
    await expect(fixture.ec2.send(new DeleteVolumeCommand({ VolumeId: root }))).rejects.toMatchObject({ name: 'VolumeInUse' });
  });

  it('are made once per ClientToken', async () => {
    const create = new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1, ClientToken: 'one' });
    const [a, b] = await Promise.all([fixture.ec2.send(create), fixture.ec2.send(create)]);
    expect(a.VolumeId).toBe(b.VolumeId);
  });
});

describe('writing a snapshot block by block', () => {
  const start = async (more = {}) => (await fixture.ebs.send(new StartSnapshotCommand({ VolumeSize: 1, ...more }))).SnapshotId ?? '';
  const put = (SnapshotId: string, BlockIndex: number, BlockData: Uint8Array, more = {}) =>
    fixture.ebs.send(
      new PutSnapshotBlockCommand({
        SnapshotId,
        BlockIndex,
        BlockData,
        DataLength: BlockData.length,
        Checksum: sha(BlockData),
        ChecksumAlgorithm: 'SHA256',
        ...more,
      }),
    );

  it('carries a volume over: block by block it becomes the same folder', async () => {
    const source = await volume();
    writeFileSync(`${folder(source)}/data`, 'precious');
    const from = await snapshotOf(source);
    const to = await start();
    const blocks = await blocksOf(from);
    for (const { BlockIndex, BlockToken } of blocks) {
      const { BlockData } = await fixture.ebs.send(new GetSnapshotBlockCommand({ SnapshotId: from, BlockIndex, BlockToken }));
      const data = await (BlockData as unknown as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
      await put(to, BlockIndex ?? 0, data);
    }
    await expect(fixture.ebs.send(new CompleteSnapshotCommand({ SnapshotId: to, ChangedBlocksCount: 7 }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await fixture.ebs.send(new CompleteSnapshotCommand({ SnapshotId: to, ChangedBlocksCount: blocks.length }));
    const copy = await volume(await completed(to));
    expect(readFileSync(`${folder(copy)}/data`, 'utf8')).toBe('precious');
  });

  it('starts from the blocks of the parent snapshot', async () => {
    const parent = await start();
    await put(parent, 0, randomBytes(BLOCK));
    await put(parent, 5, randomBytes(BLOCK));
    await fixture.ebs.send(new CompleteSnapshotCommand({ SnapshotId: parent, ChangedBlocksCount: 2 }));
    const child = await start({ ParentSnapshotId: await completed(parent) });
    await put(child, 5, randomBytes(BLOCK));
    await fixture.ebs.send(new CompleteSnapshotCommand({ SnapshotId: child, ChangedBlocksCount: 1 }));
    expect((await blocksOf(await completed(child))).map(({ BlockIndex }) => BlockIndex)).toEqual([0, 5]);
    const { ChangedBlocks } = await fixture.ebs.send(new ListChangedBlocksCommand({ FirstSnapshotId: parent, SecondSnapshotId: child }));
    expect(ChangedBlocks?.map(({ BlockIndex }) => BlockIndex)).toEqual([5]);
  });

  it('refuses a wrong checksum, a short block, an index beyond the volume and a made-up token', async () => {
    const id = await start();
    const data = randomBytes(BLOCK);
    const refused = { name: 'ValidationException' };
    await expect(put(id, 0, data, { Checksum: sha(Buffer.from('other')) })).rejects.toMatchObject({ ...refused, Reason: 'INVALID_BLOCK' });
    await expect(put(id, 0, data.subarray(1))).rejects.toMatchObject(refused);
    await expect(put(id, 2048, data)).rejects.toMatchObject(refused);
    await put(id, 2047, data);
    await fixture.ebs.send(new CompleteSnapshotCommand({ SnapshotId: id, ChangedBlocksCount: 1 }));
    await completed(id);
    await expect(put(id, 1, data)).rejects.toMatchObject(refused);
    const bogus = new GetSnapshotBlockCommand({ SnapshotId: id, BlockIndex: 2047, BlockToken: 'bogus' });
    await expect(fixture.ebs.send(bogus)).rejects.toMatchObject({ ...refused, Reason: 'INVALID_BLOCK_TOKEN' });
    const missing = new ListSnapshotBlocksCommand({ SnapshotId: 'snap-0123456789abcdef0' });
    await expect(fixture.ebs.send(missing)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('happens once per ClientToken', async () => {
    expect(await start({ ClientToken: 'once' })).toBe(await start({ ClientToken: 'once' }));
    await expect(start({ ClientToken: 'once', VolumeSize: 2 })).rejects.toMatchObject({ name: 'ConflictException' });
  });
});
