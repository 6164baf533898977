import { ApplicationFailure, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { MigrationDirectory } from '../../activities/migration-directory-port';
import { retryableFailure } from '../../contracts/errors';
import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import { PHASE_ATTRIBUTE } from '../../contracts/search-attributes';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { endOfFailure, endOfMigration } from '../../domain/queue/end-of-migration';
import type { MoveEnd } from '../../domain/queue/move-events';

/** Migrations as Temporal sees them: also those that were terminated, or timed out, and said nothing. */
export function createMigrationDirectory(client: () => Client): MigrationDirectory {
  return {
    async look(instanceId, runId) {
      const handle = client().workflow.getHandle(migrationWorkflowId(instanceId), runId ?? undefined, { followRuns: false });
      try {
        const description = await handle.describe();
        const phase = description.typedSearchAttributes.get(PHASE_ATTRIBUTE) ?? null;
        return { phase, end: await endOf(description, () => handle.result() as Promise<MigrateInstanceResult>) };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw retryableFailure('Unavailable', `${migrationWorkflowId(instanceId)} cannot be looked at: ${String(error)}`, error instanceof Error ? error : undefined);
      }
    },
  };
}

async function endOf({ status }: WorkflowExecutionDescription, result: () => Promise<MigrateInstanceResult>): Promise<MoveEnd | null> {
  if (status.name === 'RUNNING' || status.name === 'PAUSED') return null;
  if (status.name === 'COMPLETED') return endOfMigration(await result());
  if (status.name === 'CANCELLED') return { outcome: 'aborted', replacementId: null, toPool: null, reason: 'cancelled from outside' };
  if (status.name !== 'FAILED') return endOfFailure(null, `the migration was ended from outside (${status.name.toLowerCase()}); what it created may be left over`);
  const error: unknown = await result().then(
    () => null,
    (reason: unknown) => reason,
  );
  const cause = error instanceof WorkflowFailedError ? error.cause : error;
  return endOfFailure(cause instanceof ApplicationFailure ? (cause.type ?? null) : null, cause instanceof Error ? cause.message : String(cause));
}
