import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { describeHold, describeHoldResult } from '../../../../src/cli/capacity/describe-hold';
import { followMigration } from '../../../../src/cli/watch/follow-migration';
import { MIGRATE_INSTANCE } from '../../../../src/contracts/migrate-instance';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../../../src/contracts/migrate-instance';
import { HOLD_MESSAGES, PRE_ALLOCATE_CAPACITY } from '../../../../src/contracts/pre-allocate-capacity';
import type { HoldStatus, PreAllocateInput, PreAllocateResult } from '../../../../src/contracts/pre-allocate-capacity';
import { PROVISION_REPLICAS } from '../../../../src/contracts/provision-replicas';
import type { ProvisionReplicasInput, ProvisionReplicasResult } from '../../../../src/contracts/provision-replicas';
import { capacityWorkflowId, migrationWorkflowId, replicasWorkflowId } from '../../../../src/contracts/workflow-ids';
import { control } from '../control-client';
import type { ScenarioContext } from '../scenario';
import type { ScenarioOutcome } from '../scenario-outcome';

const HOUR_MS = 3_600_000;
const HELD_WITHIN_MS = 60_000;
const JUDGED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 500;
const ZONE = 'us-east-1b';
const SHAPE = 'm7i.xlarge';
const HOT = 'web-2';

/** The last place of a shape is held because the forecast needs it; a move takes it over while others are refused; the hold ends. */
export async function preallocate({ client, taskQueue, endpoint, fleet, say }: ScenarioContext): Promise<ScenarioOutcome> {
  const violations: string[] = [];
  const hot = fleet.instances.find(({ name }) => name === HOT);
  await control(endpoint, 'PUT', '/_local/pools', { zone: ZONE, shape: SHAPE, capacity: 1 });
  say(`  one single ${SHAPE} is left in ${ZONE}`);

  const input: PreAllocateInput = { pool: 'web', window: windowFrom(Date.now()), zones: [ZONE], constraints: { allow: [SHAPE] }, refreshMs: 2_000, reason: 'the demo' };
  const hold = await client.workflow.start(PRE_ALLOCATE_CAPACITY, { taskQueue, workflowId: capacityWorkflowId(input.pool, input.window), args: [input], staticSummary: 'Demo: capacity' });
  const held = await until(hold, ({ held: one }) => one.length > 0, HELD_WITHIN_MS);
  for (const line of describeHold(held).split('\n')) say(`  ${line}`);
  if (held.held.length !== 1) violations.push(`one ${SHAPE} should be held: ${JSON.stringify(held)}`);

  const late: ProvisionReplicasInput = { requestId: 'too-late', template: { instanceId: hot?.instanceId ?? '' }, service: 'api', count: 1, zones: [ZONE], constraints: { allow: [SHAPE] } };
  const refused = (await client.workflow.execute(PROVISION_REPLICAS, { taskQueue, workflowId: replicasWorkflowId(late.requestId), args: [late] })) as ProvisionReplicasResult;
  say(`  another service asks for one: ${refused.kind}${refused.kind === 'Refused' ? ` (${refused.error})` : ''}`);
  if (refused.kind !== 'Refused' || refused.error !== 'InsufficientCapacity') violations.push(`who asks too late should be refused: ${JSON.stringify(refused)}`);

  const move: MigrateInstanceInput = { instanceId: hot?.instanceId ?? '', zones: [ZONE], shapes: [SHAPE], reason: 'the demo' };
  say(`  ${HOT} moves to it:`);
  const migration = await client.workflow.start(MIGRATE_INSTANCE, { taskQueue, workflowId: migrationWorkflowId(move.instanceId), args: [move], staticSummary: `Demo: move ${HOT}` });
  await followMigration(migration, say);
  const moved = (await migration.result()) as MigrateInstanceResult;
  if (moved.kind !== 'Completed') violations.push(`the move should complete: ${JSON.stringify(moved)}`);

  await until(hold, ({ handedOver }) => handedOver.length > 0 && handedOver.every(({ wouldHaveFailed }) => wouldHaveFailed !== null), JUDGED_WITHIN_MS);
  await hold.executeUpdate<string, [object]>(HOLD_MESSAGES.release, { args: [{ reason: 'the demo ends' }] });
  const ended = (await hold.result()) as PreAllocateResult;
  for (const line of describeHoldResult(ended).split('\n')) say(`  ${line}`);
  if (ended.kind !== 'Ended' || ended.report.handedOver !== 1 || ended.report.refusalsAvoided !== 1) violations.push(`one hand-over and one avoided refusal were expected: ${JSON.stringify(ended)}`);
  await control(endpoint, 'PUT', '/_local/pools', { zone: ZONE, shape: SHAPE, capacity: null });
  return {
    facts: ended.kind === 'Ended' ? [`held, handed over to the move of ${HOT}, ended: hold cost ${ended.report.holdUsd.toFixed(4)} USD, ${ended.report.refusalsAvoided} refusal avoided`] : [],
    meantToStay: moved.kind === 'Completed' ? [moved.replacementId] : [],
    mayFail: [],
    violations,
  };
}

function windowFrom(nowMs: number): string {
  return [nowMs, nowMs + HOUR_MS].map((ms) => new Date(ms).toISOString()).join('/');
}

async function until(hold: WorkflowHandle, wanted: (status: HoldStatus) => boolean, withinMs: number): Promise<HoldStatus> {
  const giveUpAtMs = Date.now() + withinMs;
  for (;;) {
    const status = await hold.query<HoldStatus>(HOLD_MESSAGES.status);
    if (wanted(status) || Date.now() > giveUpAtMs) return status;
    await sleep(LOOK_EVERY_MS);
  }
}
