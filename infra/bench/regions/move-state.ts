import { setTimeout as sleep } from 'node:timers/promises';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import { KvClient } from '../../local/demo/stateful/kv-client';
import type { KvReport } from '../../local/demo/stateful/kv-ledger';
import { STATEFUL_PORTS } from '../../local/demo/stateful/stateful-user-data';
import { pauseOf } from '../moves/moved-instance';
import type { MovedService } from '../transfer/moves/moved-service';
import type { TwoRegions } from './two-regions';

export const LOAD = { writesPerSecond: 100, readsPerSecond: 400 } as const;
export const MAX_PAUSE_MS = 1_000;
const SETTLE_MS = 2_000;
/** Long enough to read everything back before the source, through whose door it is asked, goes. */
const BAKE_MS = 30_000;

export interface StateMove {
  readonly result: MigrateInstanceResult;
  readonly pauseMs: number | null;
  readonly report: KvReport;
  readonly lost: number;
  readonly left: readonly string[];
}

/** Moves the service to the other region while clients ask at the source's door: no balancer is before it, since that serves one region. */
export async function moveState(service: MovedService, regions: TwoRegions): Promise<StateMove> {
  const { scene, moved } = service;
  await moved.aws.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: scene.targetGroupArn, Targets: [{ Id: scene.instanceId }] }));
  const client = new KvClient(`http://${await service.addressOf(scene.instanceId)}:${STATEFUL_PORTS.door}`);
  client.start(LOAD);
  await sleep(SETTLE_MS);
  const before = await regions.inventories();
  const handle = await moved.move({ instanceId: scene.instanceId, region: regions.region, sync: 'replicate', bakeMs: BAKE_MS, maxPauseMs: MAX_PAUSE_MS });
  await moved.until(handle, ({ phase }) => phase === 'bake');
  await sleep(SETTLE_MS);
  await client.stop();
  const report = client.takeReport();
  const lost = (await client.lost()).length;
  client.close();
  const result = await handle.result();
  return { result, pauseMs: pauseOf(result)?.pauseMs ?? null, report, lost, left: await regions.leftSince(before, result) };
}
