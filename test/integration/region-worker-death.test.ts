import { setTimeout as sleep } from 'node:timers/promises';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { control } from '../../infra/local/demo/control-client';
import { leftOver, takeInventory } from '../../infra/local/demo/inventory';
import type { MigrateInstanceResult } from '../../src/contracts/migrate-instance';
import { LiveFleet } from './live-fleet';
import type { GatewayCall } from './live-fleet';
import { runOn } from './run-on';

/** About a minute each: by `npm run test:faults`. */
const describeAll = process.env['FORESHIFT_TEST_FAULTS'] === 'all' ? describe : describe.skip;
/** Right after the other region did it: the worker may not have heard of it. */
const MOMENTS = [
  ['image', 'CopyImage', 'web-1'],
  ['image', 'CopySnapshot', 'web-2'],
  ['blocks', 'PutSnapshotBlock', 'web-3'],
  ['blocks', 'CancelCapacityReservation', 'api-1'],
] as const;

describeAll('a worker that is killed while it moves an instance to another region', () => {
  let live: LiveFleet;
  let west: ReturnType<LiveFleet['otherRegion']>;
  beforeAll(async () => {
    live = await LiveFleet.start('test-region-worker-death');
    west = live.otherRegion();
  }, 300_000);
  afterAll(() => live.stop());

  const callsThere = async (since: number): Promise<readonly GatewayCall[]> => (await control<{ calls: readonly GatewayCall[] }>(west.endpoint, 'GET', `/_local/calls?since=${since}`)).calls;
  const inventories = async () => [await live.inventory(), await takeInventory(west.endpoint, west.aws.elb)] as const;

  it.each(MOMENTS)('by %s, after %s: the next worker ends the migration, nothing is double or left in either region', async (sync, operation, name) => {
    const instanceId = live.instance(name);
    for (const TargetGroupArn of Object.values(live.fleet.targetGroups)) await live.aws.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instanceId }] }));
    const before = await inventories();
    const since = (await callsThere(0)).at(-1)?.seq ?? 0;
    const handle = await live.start({ instanceId, region: west.region, sync, bakeMs: 500 });
    if (operation.includes('Snapshot')) await writeOnceImaged(live, handle, instanceId);
    while (!(await callsThere(since)).some((call) => call.operation === operation && call.outcome.endsWith('OK'))) await sleep(20);
    await live.stack.worker?.kill();
    await live.stack.startWorker();
    const result = (await handle.result()) as MigrateInstanceResult;
    if (result.kind !== 'Completed') throw new Error(JSON.stringify(result));
    const after = await inventories();
    expect(leftOver(before[0], after[0], [])).toEqual([]);
    expect(leftOver(before[1], after[1], [result.replacementId])).toEqual([]);
    expect(await live.verifyAudit()).toMatchObject({ intact: true, problems: [] });
  }, 240_000);
});

/** So that there is something to carry over. */
async function writeOnceImaged(live: LiveFleet, handle: Awaited<ReturnType<LiveFleet['start']>>, instanceId: string): Promise<void> {
  await live.until(handle, 'the shadow', ({ shadowId }) => shadowId !== null);
  await handle.signal('pause');
  await runOn(live.aws, instanceId, 'head -c 4000000 /dev/urandom > "$FORESHIFT_DISKS/sdf/written"');
  await handle.signal('resume');
}
