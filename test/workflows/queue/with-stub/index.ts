import { condition, defineSignal, getExternalWorkflowHandle, proxyLocalActivities, setHandler, sleep } from '@temporalio/workflow';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../../../src/contracts/migrate-instance';
import { MIGRATION_MESSAGES } from '../../../../src/contracts/migrate-instance';
import { QUEUE_MESSAGES } from '../../../../src/contracts/migration-queue';
import type { MoveEndedArgs } from '../../../../src/contracts/migration-queue';
import { endOfMigration } from '../../../../src/domain/queue/end-of-migration';
import type { StubActivities } from '../fake-fleet';

export { isolateHost } from '../../../../src/workflows/isolate-host';
export { migrationQueue } from '../../../../src/workflows/migration-queue';

const stub = proxyLocalActivities<StubActivities>({ startToCloseTimeout: '5s' });

/** In the place of the saga: lasts as long, ends as it is told, and says so to its queue, once or twice, or not at all. */
export async function migrateInstance(input: MigrateInstanceInput): Promise<MigrateInstanceResult> {
  const heard: string[] = [];
  for (const name of [MIGRATION_MESSAGES.requestAbort, MIGRATION_MESSAGES.requestRampRate, MIGRATION_MESSAGES.pause, MIGRATION_MESSAGES.resume]) {
    setHandler(defineSignal<[unknown]>(name), (args) => void heard.push(args === undefined ? name : `${name} ${JSON.stringify(args)}`));
  }
  const { lastsMs, result, tells } = await stub.moveBegins({ input, atMs: Date.now() });
  const aborted = await condition(() => heard.some((one) => one.startsWith(MIGRATION_MESSAGES.requestAbort)), lastsMs);
  const ending: MigrateInstanceResult = aborted ? { kind: 'RolledBack', phase: 'sync', reasons: ['aborted'], phases: [] } : result;
  await stub.moveEnds({ input, atMs: Date.now(), heard });
  for (let told = 0; told < tells && input.queueId !== undefined; told += 1) {
    await getExternalWorkflowHandle(input.queueId).signal(defineSignal<[MoveEndedArgs]>(QUEUE_MESSAGES.moveEnded), { itemId: input.queueItemId ?? '', ...endOfMigration(ending) });
    // The second word comes late: after the queue may have gone on in a new run.
    await sleep('100ms');
  }
  return ending;
}
