import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { EBSClient } from '@aws-sdk/client-ebs';
import { CreateSnapshotCommand, CreateVolumeCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { createDisks } from '../../../src/adapters/aws/disks';
import { expectFailure, untilDone } from '../../activities/fake-ports';
import { eventually, startFixture, type Fixture } from '../../infra/local/gateway/gateway-fixture';

const BLOCK = 524_288;
let fixture: Fixture;
let run = 0;

beforeAll(async () => {
  fixture = await startFixture({ addressPrefix: '127.91' });
});
afterAll(() => fixture.stop());
afterEach(() => {
  fixture.gateway.faults.clear();
  expect(fixture.defects).toEqual([]);
});

const folder = (id: string) => `${fixture.dataDir}/volumes/${id}`;
const completed = async (snapshotId: string): Promise<string> => {
  await eventually(async () => (await disksOf(fixture.ebs).snapshots([snapshotId]))[0]?.state === 'completed');
  return snapshotId;
};
const snapshotOf = async (VolumeId: string) => completed((await fixture.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? '');
const volume = async (SnapshotId?: string): Promise<string> => {
  const { VolumeId = '' } = await fixture.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', ...(SnapshotId ? { SnapshotId } : { Size: 1 }) }));
  await eventually(async () => (await fixture.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes?.[0]?.State === 'available');
  return VolumeId;
};
const disksOf = (ebs: EBSClient) => createDisks(fixture.ec2, ebs, () => ebs);
const lastCall = () => fixture.gateway.calls.since(0).at(-1)?.seq ?? 0;
const callsOf = (operation: string, since = 0) => fixture.gateway.calls.since(since).filter((call) => call.operation === operation);

/** Two snapshots of a volume, between which a block changed, a file came and a file went; and a run of its own that writes the second on the first. */
const scene = async () => {
  const id = await volume();
  for (const name of ['a', 'b', 'c']) writeFileSync(`${folder(id)}/${name}`, randomBytes(3 * BLOCK));
  const first = await snapshotOf(id);
  const changed = readFileSync(`${folder(id)}/b`);
  changed[BLOCK + 7] = (changed[BLOCK + 7] ?? 0) ^ 1;
  writeFileSync(`${folder(id)}/b`, changed);
  writeFileSync(`${folder(id)}/d`, randomBytes(20 * BLOCK));
  rmSync(`${folder(id)}/c`);
  const second = await snapshotOf(id);
  const owner = { workflowId: 'migration/i-1', runId: `run-${(run += 1)}` };
  const recipe = { parentId: first, fromId: first, toId: second, step: 'blocks-1-/dev/sdf' };
  return { id, second, owner, recipe };
};
const expectSame = async (written: string, wanted: string): Promise<void> => {
  const disks = disksOf(fixture.ebs);
  expect(await disks.digest(await completed(written), () => undefined)).toBe(await disks.digest(wanted, () => undefined));
};

/** A client over a wire that damages what comes or goes with these operations, as often as told. */
const damaging = (operation: 'GetSnapshotBlock' | 'PutSnapshotBlock', times: number) => {
  const ebs = new EBSClient({ endpoint: fixture.gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }, maxAttempts: 1 });
  const flipped = (bytes: Uint8Array): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy[4_711] = (copy[4_711] ?? 0) ^ 1;
    return copy;
  };
  let left = times;
  ebs.middlewareStack.add(
    (next, { commandName }) => async (args) => {
      const request = args.request as { body?: unknown };
      if (commandName === 'PutSnapshotBlockCommand' && operation === 'PutSnapshotBlock' && left-- > 0) request.body = flipped(request.body as Uint8Array);
      return next(args);
    },
    { step: 'build' },
  );
  ebs.middlewareStack.add((next, { commandName }) => async (args) => {
    const answer = await next(args);
    const { output } = answer as { output: { BlockData?: { transformToByteArray(): Promise<Uint8Array> } } };
    if (commandName === 'GetSnapshotBlockCommand' && operation === 'GetSnapshotBlock' && left-- > 0) {
      const bytes = flipped((await output.BlockData?.transformToByteArray()) ?? new Uint8Array());
      Object.assign(output, { BlockData: { transformToByteArray: async () => bytes } });
    }
    return answer;
  });
  return ebs;
};

/** Clients of which one call of this operation is carried out, and its reply lost. */
const losing = (command: string) => {
  const config = { endpoint: fixture.gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }, maxAttempts: 1 };
  const [ec2, ebs] = [new EC2Client(config), new EBSClient(config)];
  const lost = { times: 0 };
  for (const { middlewareStack } of [ec2, ebs] as { middlewareStack: EBSClient['middlewareStack'] }[]) {
    middlewareStack.add((next, { commandName }) => async (args) => {
      const answer = await next(args);
      if (commandName === `${command}Command` && lost.times++ === 0) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      return answer;
    });
  }
  return { disks: createDisks(ec2, ebs, () => ebs), lost };
};

describe('a snapshot that is written block by block', () => {
  it('is the state that was wanted, of which only what changed was carried, and can be written on in its turn', async () => {
    const { id, second, owner, recipe } = await scene();
    const disks = disksOf(fixture.ebs);
    const changedBytes = await disks.changedBytes(recipe.fromId, second);
    const since = lastCall();
    let written = 0;
    const built = await disks.writeSnapshot(owner, recipe, (bytes) => (written = bytes));
    expect(built).not.toBe(second);
    expect(written).toBe(changedBytes);
    expect(callsOf('PutSnapshotBlock', since)).toHaveLength(changedBytes / BLOCK);
    await expectSame(built, second);

    writeFileSync(`${folder(id)}/a`, randomBytes(BLOCK));
    rmSync(`${folder(id)}/d`);
    const third = await snapshotOf(id);
    const before = lastCall();
    const next = await disks.writeSnapshot(owner, { parentId: built, fromId: second, toId: third, step: 'blocks-2-/dev/sdf' }, () => undefined);
    // What is gone is not read, but written as zeros.
    expect(callsOf('GetSnapshotBlock', before).length).toBeLessThan(callsOf('PutSnapshotBlock', before).length);
    await expectSame(next, third);
    const restored = folder(await volume(next));
    for (const name of ['a', 'b']) expect(readFileSync(`${restored}/${name}`).equals(readFileSync(`${folder(id)}/${name}`))).toBe(true);
    for (const name of ['c', 'd']) expect(() => readFileSync(`${restored}/${name}`)).toThrow('ENOENT');
    expect((await disks.findOwnedSnapshots(owner)).map(({ snapshotId }) => snapshotId).toSorted()).toEqual([built, next].toSorted());
  });

  it.each(['GetSnapshotBlock', 'PutSnapshotBlock'] as const)('carries a block again that was damaged on its way in %s', async (operation) => {
    const { second, owner, recipe } = await scene();
    await expectSame(await disksOf(damaging(operation, 2)).writeSnapshot(owner, recipe, () => undefined), second);
  });

  it.each(['GetSnapshotBlock', 'PutSnapshotBlock'] as const)('is refused, and not sealed, where every block is damaged in %s', async (operation) => {
    const { owner, recipe } = await scene();
    await expectFailure(disksOf(damaging(operation, Infinity)).writeSnapshot(owner, recipe, () => undefined), 'VerificationFailed', /block/);
    expect((await disksOf(fixture.ebs).findOwnedSnapshots(owner)).map(({ state }) => state)).toEqual(['pending']);
  });

  it.each(['StartSnapshot', 'PutSnapshotBlock', 'CreateTags', 'CompleteSnapshot'])('is one and the same where the reply of %s is lost', async (command) => {
    const { second, owner, recipe } = await scene();
    const { disks, lost } = losing(command);
    const built = await untilDone(() => disks.writeSnapshot(owner, recipe, () => undefined));
    expect(lost.times).toBeGreaterThan(0);
    expect(await disks.writeSnapshot(owner, recipe, () => undefined)).toBe(built);
    expect(await disks.findOwnedSnapshots(owner)).toHaveLength(1);
    await expectSame(built, second);
  });

  it('goes on where its writer ended in between', async () => {
    const { second, owner, recipe } = await scene();
    const killed = (): void => {
      throw new Error('the worker is gone');
    };
    await expect(disksOf(fixture.ebs).writeSnapshot(owner, recipe, killed)).rejects.toThrow('the worker is gone');
    await expectSame(await disksOf(fixture.ebs).writeSnapshot(owner, recipe, () => undefined), second);
    expect(await disksOf(fixture.ebs).findOwnedSnapshots(owner)).toHaveLength(1);
  });

  it('waits where EBS takes no more for the moment', async () => {
    const { second, owner, recipe } = await scene();
    fixture.gateway.faults.add({ operation: 'ebs:PutSnapshotBlock', kind: 'error', code: 'RequestThrottledException', status: 400, message: 'slow down', times: 3, skip: 2 });
    await expectSame(await disksOf(fixture.ebs).writeSnapshot(owner, recipe, () => undefined), second);
  });
});
