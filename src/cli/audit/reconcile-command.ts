import type { Client } from '@temporalio/client';
import { Command } from 'commander';
import { auditedRuns } from '../../adapters/postgres/audited-runs';
import { MIGRATION_PREFIX } from '../../contracts/workflow-ids';
import { type KnownRun, reconcileAudit } from '../../domain/reconcile-audit';
import { withClient, withDatabase } from '../environment';
import { momentGone } from '../parse-moment';

interface ReconcileOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly since?: number;
}

/** Temporal's own default; a namespace may keep closed runs for longer. */
const RETENTION_MS = 24 * 3_600_000;

/** `foreshift audit reconcile` */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description("holds the audit of migrations against Temporal's histories and lists what is missing on either side; exit code 1 where anything is")
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .option('--since <time>', 'from then on: 2h, 3d, or 2026-11-26T10:00:00Z; default: 1d, which every namespace keeps', momentGone)
    .action(reconcile);
}

async function reconcile({ stack, json, since = Date.now() - RETENTION_MS }: ReconcileOptions): Promise<void> {
  // First Temporal: a run that begins meanwhile is in the audit, and is looked up there by itself.
  const known = await withClient(stack, (client) => migrationsSince(client, since));
  const mismatches = await withDatabase(stack, async (db) => reconcileAudit(known, await auditedRuns(db, MIGRATION_PREFIX, since), since));
  if (mismatches.length > 0) process.exitCode = 1;
  if (json === true) return console.log(JSON.stringify({ migrations: known.length, since: new Date(since).toISOString(), mismatches }, null, 2));
  for (const { workflowId, runId, problem } of mismatches) console.log(`${workflowId}  ${runId}  ${problem}`);
  console.log(`${known.length} migrations in Temporal since ${new Date(since).toISOString()}, ${mismatches.length === 0 ? 'all of them in the audit, and none in the audit alone' : `${mismatches.length} with something missing`}`);
}

async function migrationsSince(client: Client, sinceMs: number): Promise<KnownRun[]> {
  const runs: KnownRun[] = [];
  const from = new Date(sinceMs).toISOString();
  // Rehearsals, recoveries and changes in place run under the same locks as moves.
  const query = `WorkflowId STARTS_WITH '${MIGRATION_PREFIX}' AND (ExecutionStatus = 'Running' OR CloseTime >= '${from}') AND ExecutionStatus != 'ContinuedAsNew'`;
  for await (const { workflowId, runId, raw, status } of client.workflow.list({ query })) {
    runs.push({ workflowId, runId: raw.firstRunId || runId, status: status.name.charAt(0) + status.name.slice(1).toLowerCase() });
  }
  return runs;
}
