import { WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { newestRecords } from '../../../adapters/postgres/audit-query';
import type { Database } from '../../../adapters/postgres/database';
import { MIGRATE_INSTANCE, MIGRATION_MESSAGES } from '../../../contracts/migrate-instance';
import type { MigrationStatus } from '../../../contracts/migrate-instance';
import { OUTCOME_ATTRIBUTE, PHASE_ATTRIBUTE } from '../../../contracts/search-attributes';
import { MIGRATION_PREFIX, migrationWorkflowId } from '../../../contracts/workflow-ids';
import type { MigrationRow, PlanRow } from '../../console-api';
import type { MigrationPorts } from './console-ports';
import type { TemporalSide } from './temporal-side';

const RUNNING_SHOWN = 2_000;
const ENDED_SHOWN = 200;
/** Each query wakes a worker: of more than these, the overview tells the phase alone. */
const QUERIED = 25;
const RECORDS_SHOWN = 2_000;

/** Migrations, by Temporal and the audit. */
export function openMigrations(temporal: TemporalSide, db: Database, listPlans: () => Promise<readonly PlanRow[]>): MigrationPorts {
  function rowOf(one: Omit<WorkflowExecutionInfo, 'raw'>, status: MigrationStatus | null): MigrationRow {
    return {
      instanceId: one.workflowId.slice(MIGRATION_PREFIX.length),
      workflowId: one.workflowId,
      runId: one.runId,
      state: one.status.name,
      phase: status?.phase ?? one.typedSearchAttributes.get(PHASE_ATTRIBUTE) ?? null,
      outcome: status?.outcome ?? one.typedSearchAttributes.get(OUTCOME_ATTRIBUTE) ?? null,
      startedAtMs: one.startTime.getTime(),
      endedAtMs: one.closeTime?.getTime() ?? null,
      status,
      temporalUrl: temporal.linkTo(one.workflowId, one.runId),
    };
  }

  const listed = (state: string, most: number) => temporal.list(`WorkflowType = '${MIGRATE_INSTANCE}' AND ExecutionStatus ${state} 'Running'`, most);

  return {
    async readFleet() {
      const [running, ended, plans] = await Promise.all([listed('=', RUNNING_SHOWN), listed('!=', ENDED_SHOWN), listPlans()]);
      const statuses = await Promise.all(running.slice(0, QUERIED).map(({ workflowId }) => temporal.statusOf<MigrationStatus>(workflowId)));
      return { migrations: [...running.map((one, i) => rowOf(one, statuses[i] ?? null)), ...ended.map((one) => rowOf(one, null))], plans };
    },
    async readMigration(instanceId, afterSeq) {
      const workflowId = migrationWorkflowId(instanceId);
      const described = await temporal.client.workflow.getHandle(workflowId).describe().catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      });
      if (described === null) return null;
      const [status, records] = await Promise.all([temporal.statusOf<MigrationStatus>(workflowId), newestRecords(db, { workflowId, afterSeq }, RECORDS_SHOWN)]);
      return { migration: rowOf(described, status), records };
    },
    abortMigration: (instanceId, args) => temporal.update(migrationWorkflowId(instanceId), MIGRATION_MESSAGES.abort, args),
    approveMigration: (instanceId, args) => temporal.update(migrationWorkflowId(instanceId), MIGRATION_MESSAGES.approve, args),
  };
}
