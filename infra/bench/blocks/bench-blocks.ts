import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateSnapshotCommand, CreateVolumeCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import Table from 'cli-table3';
import { createAwsClients } from '../../../src/adapters/aws/clients';
import { createDisks } from '../../../src/adapters/aws/disks';
import { createLocalEc2 } from '../../local/gateway/ec2/local-ec2';
import { DEFAULT_DELAYS } from '../../local/gateway/ports';
import { startGateway } from '../../local/gateway/server';

const MIB = 1_048_576;
const DATA_MIB = Number(process.argv[2] ?? 512);
const BLOCK_BYTES = 524_288;
const ZONE = 'us-east-1a';
/** So much of the volume is written to, as blocks that lie apart. */
const SHARES = [0.01, 0.1, 0.5] as const;

/**
 * Writes a shadow's snapshots block by block against the local cloud's EBS direct, in the same process. The exit code is 1 where more is carried than changed, or where the content is not
 * the source's. What it takes is shown without a target: on AWS the network and EBS decide it.
 */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'foreshift-blocks-'));
  const catalogue = { shape: async () => undefined, family: async () => new Map<string, number>(), launchTemplate: async () => undefined, subnets: async () => [{ subnetId: 'subnet-a', vpcId: 'vpc-1', zone: ZONE, isDefault: true }] };
  const local = createLocalEc2({ dataDir, catalogue, delays: { ...DEFAULT_DELAYS, snapshotPendingMs: 0, volumeCreatingMs: 0, notFoundAfterCreateMs: 0 } });
  const gateway = await startGateway({ modules: local.modules });
  const { ec2, ebs } = createAwsClients({ region: 'us-east-1', endpoint: gateway.url, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
  const disks = createDisks(ec2, ebs, () => ebs);
  const snapshotOf = async (VolumeId: string): Promise<string> => completed((await ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? '');
  const completed = async (id: string): Promise<string> => {
    while ((await disks.snapshots([id]))[0]?.state !== 'completed') await sleep(10);
    return id;
  };
  const table = new Table({ head: ['changed', 'MiB changed', 'MiB carried', 'target', 's', 'MiB/s', 'content'] });
  let missed = false;
  try {
    console.log(`a volume with ${DATA_MIB} MiB, load of the machine ${loadavg()[0]?.toFixed(2)}`);
    const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: ZONE, Size: Math.ceil(DATA_MIB / 1_000) }));
    while ((await ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes?.[0]?.State !== 'available') await sleep(10);
    const file = join(dataDir, 'volumes', VolumeId, 'data');
    writeFileSync(file, randomBytes(DATA_MIB * MIB));
    let fromId = await snapshotOf(VolumeId);
    let parentId = fromId;
    for (const [round, share] of SHARES.entries()) {
      const changed = writeApart(file, share);
      const toId = await snapshotOf(VolumeId);
      let carriedBytes = 0;
      const startedAtMs = performance.now();
      parentId = await completed(await disks.writeSnapshot({ workflowId: 'bench', runId: 'bench' }, { parentId, fromId, toId, step: `blocks-${round}` }, (bytes) => (carriedBytes = bytes)));
      const seconds = (performance.now() - startedAtMs) / 1_000;
      const same = (await disks.digest(parentId, () => undefined)) === (await disks.digest(toId, () => undefined));
      missed ||= !same || carriedBytes > changed;
      table.push([`${share * 100} %`, ...[changed, carriedBytes].map((bytes) => (bytes / MIB).toFixed(1)), '<= changed', seconds.toFixed(2), (carriedBytes / MIB / seconds).toFixed(0), same ? 'equal' : 'DIFFERS']);
      fromId = toId;
    }
    console.log(table.toString());
    console.log(`most memory ${(process.resourceUsage().maxRSS / 1_024).toFixed(0)} MiB, the local cloud's and the file of ${DATA_MIB} MiB among it; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  } finally {
    await local.stop();
    await gateway.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  if (missed) process.exitCode = 1;
}

/** Writes one byte into every so-manieth block of the file; answers the bytes of those blocks. */
function writeApart(file: string, share: number): number {
  const bytes = readFileSync(file);
  const every = Math.round(1 / share);
  let blocks = 0;
  for (let at = 0; at < bytes.length; at += every * BLOCK_BYTES) {
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    blocks += 1;
  }
  writeFileSync(file, bytes);
  return blocks * BLOCK_BYTES;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
