import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { createAuditLog } from '../../adapters/postgres/audit-log';
import { allRecords } from '../../adapters/postgres/audit-query';
import type { Database } from '../../adapters/postgres/database';
import { createPlanStore } from '../../adapters/postgres/plan-store';
import { MIGRATE_INSTANCE, MIGRATION_MESSAGES } from '../../contracts/migrate-instance';
import type { MigrationStatus } from '../../contracts/migrate-instance';
import { PHASE_ATTRIBUTE } from '../../contracts/search-attributes';
import { TICK_MESSAGES } from '../../contracts/shape-fleet';
import { MIGRATION_PREFIX, migrationWorkflowId } from '../../contracts/workflow-ids';
import type { MigrationRow } from '../console-api';
import { ConsoleRefusal } from './console-ports';
import type { ConsolePorts } from './console-ports';

const RUNNING_SHOWN = 2_000;
const ENDED_SHOWN = 100;
/** Each query wakes a worker: of more than these, the overview tells the phase alone. */
const QUERIED = 25;
const PLANS_SHOWN = 20;
const RECORDS_SHOWN = 2_000;

/** What the console reads and does, by Temporal and Postgres. `temporalUi` is its address, or null where none is known. */
export function openConsolePorts(client: Client, db: Database, { namespace, temporalUi }: { readonly namespace: string; readonly temporalUi: string | null }): ConsolePorts {
  const audit = createAuditLog(db);
  const plans = createPlanStore(db);
  const statusOf = (workflowId: string) => client.workflow.getHandle(workflowId).query<MigrationStatus>(MIGRATION_MESSAGES.status).catch(() => null);

  async function rows(state: string, most: number): Promise<WorkflowExecutionInfo[]> {
    const listed: WorkflowExecutionInfo[] = [];
    for await (const one of client.workflow.list({ query: `WorkflowType = '${MIGRATE_INSTANCE}' AND ExecutionStatus ${state} 'Running'`, pageSize: Math.min(most, 500) })) {
      listed.push(one);
      if (listed.length >= most) break;
    }
    return listed;
  }

  function rowOf(one: Omit<WorkflowExecutionInfo, 'raw'>, status: MigrationStatus | null): MigrationRow {
    return {
      instanceId: one.workflowId.slice(MIGRATION_PREFIX.length),
      workflowId: one.workflowId,
      state: one.status.name,
      phase: status?.phase ?? one.typedSearchAttributes.get(PHASE_ATTRIBUTE) ?? null,
      startedAtMs: one.startTime.getTime(),
      endedAtMs: one.closeTime?.getTime() ?? null,
      status,
      temporalUrl: temporalUi === null ? null : `${temporalUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(one.workflowId)}/${one.runId}/history`,
    };
  }

  async function decideOnPlan(planId: string, message: string, args: object): Promise<string> {
    const plan = await plans.readPlan(planId);
    if (plan === null) throw new ConsoleRefusal(404, `there is no plan ${planId}`);
    return update(plan.workflowId, message, args);
  }

  async function update(workflowId: string, message: string, args: object): Promise<string> {
    try {
      return await client.workflow.getHandle(workflowId).executeUpdate<string, [object]>(message, { args: [args] });
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw new ConsoleRefusal(409, error.cause?.message ?? error.message);
      if (error instanceof WorkflowNotFoundError) throw new ConsoleRefusal(409, `${workflowId} does not run any more`);
      throw error;
    }
  }

  return {
    async readFleet() {
      const [running, ended, stored] = await Promise.all([rows('=', RUNNING_SHOWN), rows('!=', ENDED_SHOWN), plans.listPlans(null, PLANS_SHOWN)]);
      const statuses = await Promise.all(running.slice(0, QUERIED).map(({ workflowId }) => statusOf(workflowId)));
      return {
        migrations: [...running.map((one, i) => rowOf(one, statuses[i] ?? null)), ...ended.map((one) => rowOf(one, null))],
        plans: stored.map(({ planId, planHash, fleet, atMs, choice, plan }) => ({ planId, planHash, fleet: fleet === '' ? 'all' : fleet, atMs, mode: choice.mode, moves: plan.moves.length, instances: plan.moves.length + plan.held.length })),
      };
    },
    async readMigration(instanceId) {
      const workflowId = migrationWorkflowId(instanceId);
      const described = await client.workflow.getHandle(workflowId).describe().catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      });
      if (described === null) return null;
      const [status, records] = await Promise.all([statusOf(workflowId), audit.list({ workflowId, limit: RECORDS_SHOWN })]);
      return { migration: rowOf(described, status), records };
    },
    readPlan: (planId) => plans.readPlan(planId),
    searchAudit: (filter) => audit.list(filter),
    exportAudit: (filter) => allRecords(db, filter),
    verifyAudit: () => audit.verify(),
    abortMigration: (instanceId, args) => update(migrationWorkflowId(instanceId), MIGRATION_MESSAGES.abort, args),
    approveMigration: (instanceId, args) => update(migrationWorkflowId(instanceId), MIGRATION_MESSAGES.approve, args),
    approvePlan: (planId, args) => decideOnPlan(planId, TICK_MESSAGES.approve, args),
    declinePlan: (planId, args) => decideOnPlan(planId, TICK_MESSAGES.decline, args),
  };
}
