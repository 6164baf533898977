import { setTimeout as sleep } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Workflow, WorkflowHandle } from '@temporalio/client';
import { describeAcceptance, describeProvisioned } from '../../../../src/cli/capacity/describe-provisioned';
import { PROVISION_MESSAGES, PROVISION_REPLICAS } from '../../../../src/contracts/provision-replicas';
import type { ProvisionAcceptance, ProvisionReplicasInput, ProvisionReplicasResult, ProvisionStatus } from '../../../../src/contracts/provision-replicas';
import { replicasWorkflowId } from '../../../../src/contracts/workflow-ids';
import { control } from '../control-client';
import type { ScenarioContext } from '../scenario';
import type { ScenarioOutcome } from '../scenario-outcome';

const REPLICAS = 3;
const DARK_ZONE = 'us-east-1a';
const BACK_WITHIN_MS = 120_000;
/** The balancer's health checks notice a dead target within so long: two failed checks, five seconds apart, and what is under way. */
const NOTICED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 250;

/** Replicas on request, with an early answer; then a zone loses its power, and they come back in the other; then all is given back. */
export async function provision({ client, taskQueue, endpoint, fleet, say }: ScenarioContext): Promise<ScenarioOutcome> {
  const request: ProvisionReplicasInput = {
    requestId: 'demo',
    template: { instanceId: fleet.instances[0]?.instanceId ?? '' },
    count: REPLICAS,
    minimum: 2,
    zones: ['us-east-1a', 'us-east-1b'],
    constraints: { families: ['m7i', 'm6i'] },
    keep: true,
    reason: 'the demo',
  };
  const violations: string[] = [];
  const askedAtMs = Date.now();
  const startWorkflowOperation = new WithStartWorkflowOperation(PROVISION_REPLICAS, { workflowId: replicasWorkflowId(request.requestId), taskQueue, args: [request], workflowIdConflictPolicy: 'FAIL', staticSummary: 'Demo: replicas' });
  const early = await client.workflow.executeUpdateWithStart<Workflow, ProvisionAcceptance, [ProvisionReplicasInput]>(PROVISION_MESSAGES.accept, { startWorkflowOperation, args: [request] });
  const earlyMs = Date.now() - askedAtMs;
  for (const line of describeAcceptance(early).split('\n')) say(`  ${line}`);
  const handle = client.workflow.getHandle(replicasWorkflowId(request.requestId));
  const final = await handle.executeUpdate<ProvisionReplicasResult, []>(PROVISION_MESSAGES.settle);
  const finalMs = Date.now() - askedAtMs;
  for (const line of describeProvisioned(final).split('\n')) say(`  ${line}`);
  if (final.kind !== 'Provisioned' || final.replicas.length !== REPLICAS) violations.push(`${REPLICAS} replicas were asked for: ${JSON.stringify(final)}`);

  say(`  !! ${DARK_ZONE} loses its power: all of its instances die, and it has no capacity`);
  const darkAtMs = Date.now();
  await control(endpoint, 'PUT', `/_local/zones/${DARK_ZONE}/outage`);
  const { status, backMs } = await untilBack(handle, darkAtMs);
  for (const { instanceId, shape, zone } of status.replicas) say(`  ${instanceId}  ${shape} in ${zone}`);
  if (backMs === null) violations.push(`after ${BACK_WITHIN_MS / 1000} s there are not ${REPLICAS} replicas outside of ${DARK_ZONE}`);

  await sleep(5_000);
  const lightAtMs = Date.now();
  await control(endpoint, 'DELETE', `/_local/zones/${DARK_ZONE}/outage`);
  await sleep(NOTICED_WITHIN_MS);
  say('  the power is back; the replicas are released');
  await handle.executeUpdate<string, [object]>(PROVISION_MESSAGES.release, { args: [{ reason: 'the demo ends' }] });
  const released = (await handle.result()) as ProvisionReplicasResult;
  if (released.kind !== 'Released') violations.push(`the replicas were not released: ${JSON.stringify(released)}`);
  return {
    facts: [
      `early answer after ${(earlyMs / 1000).toFixed(1)} s, ${REPLICAS} replicas serve after ${(finalMs / 1000).toFixed(1)} s`,
      `${DARK_ZONE} lost: ${status.replacements.length} replica(s) replaced, back to ${REPLICAS} in the other zone after ${backMs === null ? 'never' : `${(backMs / 1000).toFixed(1)} s`}`,
    ],
    meantToStay: [],
    mayFail: [
      [darkAtMs, darkAtMs + NOTICED_WITHIN_MS],
      [lightAtMs, lightAtMs + NOTICED_WITHIN_MS],
    ],
    violations,
  };
}

async function untilBack(handle: WorkflowHandle, darkAtMs: number): Promise<{ readonly status: ProvisionStatus; readonly backMs: number | null }> {
  for (;;) {
    const status = await handle.query<ProvisionStatus>(PROVISION_MESSAGES.status);
    const elsewhere = status.replicas.filter(({ zone }) => zone !== DARK_ZONE).length;
    if (elsewhere === REPLICAS) return { status, backMs: Date.now() - darkAtMs };
    if (Date.now() - darkAtMs > BACK_WITHIN_MS) return { status, backMs: null };
    await sleep(LOOK_EVERY_MS);
  }
}
