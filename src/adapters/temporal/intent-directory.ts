import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { IntentDirectory } from '../../activities/intent-port';
import { retryableFailure } from '../../contracts/errors';
import { MIGRATE_INSTANCE, MIGRATION_MESSAGES, type MigrationStatus } from '../../contracts/migrate-instance';
import { HOLD_MESSAGES, PRE_ALLOCATE_CAPACITY, type HoldStatus } from '../../contracts/pre-allocate-capacity';
import { PROVISION_MESSAGES, PROVISION_REPLICAS, type ProvisionStatus } from '../../contracts/provision-replicas';
import { REHEARSE_ROLLBACK } from '../../contracts/rehearse-rollback';
import { MIGRATION_PREFIX } from '../../contracts/workflow-ids';
import type { Intent } from '../../domain/recovery/find-drift';

/** A workflow whose worker is away does not answer; it is asked again the next time. */
const ANSWER_WITHIN_MS = 5_000;
const TYPES = [MIGRATE_INSTANCE, REHEARSE_ROLLBACK, PRE_ALLOCATE_CAPACITY, PROVISION_REPLICAS];

/** Asks every running move, hold and request for replicas by its status query. */
export function createIntentDirectory(client: () => Client): IntentDirectory {
  return {
    async running() {
      const intents: Intent[] = [];
      const silent: string[] = [];
      try {
        const query = `ExecutionStatus = "Running" AND WorkflowType IN (${TYPES.map((type) => `"${type}"`).join(', ')})`;
        for await (const run of client().workflow.list({ query })) {
          const intent = await client().withDeadline(Date.now() + ANSWER_WITHIN_MS, () => ask(client(), run)).catch(() => 'silent' as const);
          if (intent === 'silent') silent.push(run.workflowId);
          else if (intent !== null) intents.push(intent);
        }
      } catch (error) {
        throw retryableFailure('Unavailable', `Temporal cannot be asked what runs: ${String(error)}`, error instanceof Error ? error : undefined);
      }
      return { intents, silent };
    },
  };
}

/** Null for one that means nothing by itself, as it waits for another. */
async function ask(client: Client, { workflowId, runId, type, raw }: WorkflowExecutionInfo): Promise<Intent | null> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const of = { workflowId, runId: raw.firstRunId || runId };
  if (type === PRE_ALLOCATE_CAPACITY) {
    const { held } = await handle.query<HoldStatus>(HOLD_MESSAGES.status);
    return { kind: 'hold', ...of, reservationIds: held.filter(({ kind }) => kind === 'reservation').map(({ id }) => id) };
  }
  if (type === PROVISION_REPLICAS) {
    const { replicas } = await handle.query<ProvisionStatus>(PROVISION_MESSAGES.status);
    return { kind: 'replicas', ...of, instanceIds: replicas.map(({ instanceId }) => instanceId) };
  }
  if (!workflowId.startsWith(MIGRATION_PREFIX)) return null;
  const { phase, shadowPercent, shadowId, reservation, region } = await handle.query<MigrationStatus>(MIGRATION_MESSAGES.status);
  // What is in another region is to be asked there.
  return { kind: 'move', ...of, phase, shadowPercent, shadowId: region === undefined ? shadowId : null, reservationId: region === undefined ? (reservation?.reservationId ?? null) : null };
}
