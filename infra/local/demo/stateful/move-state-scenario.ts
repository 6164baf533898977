import { setTimeout as sleep } from 'node:timers/promises';
import { followMigration } from '../../../../src/cli/watch/follow-migration';
import { MIGRATE_INSTANCE, type MigrateInstanceInput, type MigrateInstanceResult } from '../../../../src/contracts/migrate-instance';
import { migrationWorkflowId } from '../../../../src/contracts/workflow-ids';
import type { ScenarioOutcome } from '../scenario-outcome';
import type { ScenarioContext } from '../scenario';
import { KvClient } from './kv-client';
import { createStatefulScene, removeStatefulScene } from './stateful-scene';

/** Beside everything else that runs on the machine of a demo. */
const LOAD = { writesPerSecond: 100, readsPerSecond: 400 } as const;
const MAX_PAUSE_MS = 1_000;
const BEFORE_MS = 3_000;
const AFTER_MS = 2_000;

/** A key-value service moves with all that clients write meanwhile, in one short pause, and every acknowledged write is read back. */
export async function moveState({ client, taskQueue, endpoint, aws, say }: ScenarioContext): Promise<ScenarioOutcome> {
  const violations: string[] = [];
  const scene = await createStatefulScene(endpoint, aws);
  const clients = new KvClient(scene.url);
  clients.start(LOAD);
  await sleep(BEFORE_MS);
  clients.takeReport();
  say(`  ${scene.instanceId} holds keys and values; ${LOAD.writesPerSecond} writes/s and ${LOAD.readsPerSecond} reads/s come to it`);
  const input: MigrateInstanceInput = { instanceId: scene.instanceId, maxPauseMs: MAX_PAUSE_MS, reason: 'the demo' };
  const handle = await client.workflow.start(MIGRATE_INSTANCE, { taskQueue, workflowId: migrationWorkflowId(scene.instanceId), args: [input], staticSummary: 'Demo: a service moves with its state' });
  await followMigration(handle, (line) => say(`  ${line}`));
  const result = (await handle.result()) as MigrateInstanceResult;
  await sleep(AFTER_MS);
  await clients.stop();
  const report = clients.takeReport();
  const lost = await clients.lost();
  clients.close();
  if (result.kind !== 'Completed') violations.push(`the service should have moved: ${JSON.stringify(result)}`);
  if (report.failed > 0) violations.push(`${report.failed} requests of the service failed: ${JSON.stringify(report.firstFailures.slice(0, 3))}`);
  if (lost.length > 0 || report.stale > 0) violations.push(`${lost.length} acknowledged writes are lost, ${report.stale} reads were older than what had been acknowledged`);
  await removeStatefulScene(aws, scene, result.kind === 'Completed' ? result.replacementId : scene.instanceId);
  const pause = ('phases' in result ? result.phases : []).map(({ note }) => /pause \d+ ms, predicted .*$/.exec(note ?? '')?.[0]).find((text) => text !== undefined);
  return {
    facts: [`${report.writes} writes and ${report.reads} reads of the service: ${report.failed} failed, ${lost.length} lost`, `${pause ?? 'no pause'}; the longest time without an answer: ${Math.round(report.longestGapMs)} ms`],
    meantToStay: [],
    mayFail: [],
    violations,
  };
}
