import type { MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import type { SyncStrategy } from '../../../src/domain/sync-strategy';
import type { MovedInstance } from '../moves/moved-instance';
import type { TwoRegions } from './two-regions';

const MIB = 1_048_576;
const FOLDER = '"$FORESHIFT_DISKS/sdf"';
const DIGESTS = `cd ${FOLDER} && sha256sum before after`;

export interface DiskMove {
  readonly result: MigrateInstanceResult;
  readonly seconds: number;
  readonly carriedMib: number;
  readonly isSame: boolean;
  readonly left: readonly string[];
}

/** Moves an instance with so much data to the other region, which writes so much more after its image was taken. */
export async function moveDisks(moved: MovedInstance, regions: TwoRegions, instanceId: string, { sync, dataMib, changedMib }: { readonly sync: SyncStrategy; readonly dataMib: number; readonly changedMib: number }): Promise<DiskMove> {
  const write = (name: string, mib: number): Promise<string> => moved.run(instanceId, `cd ${FOLDER} && head -c ${mib * MIB} /dev/urandom > ${name}`);
  await write('before', dataMib);
  const before = await regions.inventories();
  const seq = await regions.lastCall();
  const startedAtMs = Date.now();
  const handle = await moved.move({ instanceId, region: regions.region, sync, bakeMs: 1_000, reason: `by ${sync}` });
  await moved.until(handle, ({ shadowId }) => shadowId !== null);
  await handle.signal('pause');
  await write('after', changedMib);
  const wanted = await moved.run(instanceId, DIGESTS);
  await handle.signal('resume');
  const result = await handle.result();
  const seconds = (Date.now() - startedAtMs) / 1_000;
  const isSame = result.kind === 'Completed' && (await regions.run(result.replacementId, DIGESTS)) === wanted;
  return { result, seconds, carriedMib: (await regions.carriedSince(seq)) / MIB, isSame, left: await regions.leftSince(before, result) };
}
