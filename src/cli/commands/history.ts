import Table from 'cli-table3';
import { Command } from 'commander';
import { createAuditLog } from '../../adapters/postgres/audit-log';
import type { AuditRecord } from '../../contracts/audit';
import { MIGRATION_PREFIX } from '../../contracts/workflow-ids';
import { withDatabase } from '../environment';
import { momentGone } from '../parse-moment';
import { wholeNumber } from '../parse-options';

interface HistoryOptions {
  readonly service?: string;
  readonly outcome?: string;
  readonly since?: number;
  readonly limit: number;
  readonly stack: string;
  readonly json?: boolean;
}

/** A reason is a sentence or two. */
const OUTCOME_COLUMNS = 70;

/** A migration that ended, as the audit tells it. */
interface PastMigration {
  readonly endedAt: string;
  readonly instanceId: string;
  readonly service: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly replacementId: string | null;
  readonly by: string;
  readonly seconds: number | null;
}

/** `foreshift history` */
export function historyCommand(): Command {
  return new Command('history')
    .description('Migrations that ended, the newest last: what became of them, and why')
    .argument('[instanceId]', 'of one instance; an instance that replaced another is another')
    .option('--service <name>', 'of what serves it')
    .option('--outcome <kind>', 'those that ended so: Completed, RolledBack, Refused, NeedsOperator')
    .option('--since <time>', 'from then on: 2h, 3d, or 2026-11-26T10:00:00Z', momentGone)
    .option('--limit <n>', 'at most this many', wholeNumber(1), 50)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON, one a line')
    .addHelpText('after', '\nExamples:\n  foreshift history\n  foreshift history i-0123456789abcdef0\n  foreshift history --outcome RolledBack --since 7d --json\n\nEvery record of one of them: foreshift audit show INSTANCE')
    .action(history);
}

async function history(instanceId: string | undefined, { service, outcome, since, limit, stack, json }: HistoryOptions): Promise<void> {
  const filter = { kind: 'outcome', ...(instanceId === undefined ? {} : { instanceId }), ...(service === undefined ? {} : { service }), ...(outcome === undefined ? {} : { outcome }), ...(since === undefined ? {} : { sinceMs: since }) };
  // The end of a queued move is an outcome as well, told by its queue.
  const records = await withDatabase(stack, (db) => createAuditLog(db).list({ ...filter, limit: 3 * limit }));
  const past = records.filter(({ workflowId }) => workflowId.startsWith(MIGRATION_PREFIX)).slice(-limit).map(pastOf);
  if (json === true) for (const one of past) console.log(JSON.stringify(one));
  else console.log(past.length === 0 ? 'no migration ended' : tableOf(past));
}

function pastOf({ atMs, instanceId, workflowId, service = null, summary, reason, actor, detail }: AuditRecord): PastMigration {
  const { replacementId = null, phases = [] } = (detail ?? {}) as { replacementId?: string; phases?: readonly { readonly startedAtMs: number }[] };
  const [first] = phases;
  return {
    endedAt: new Date(atMs).toISOString(),
    instanceId: instanceId ?? workflowId.slice(MIGRATION_PREFIX.length),
    service,
    outcome: summary,
    reason,
    replacementId,
    by: actor,
    seconds: first === undefined ? null : Math.round((atMs - first.startedAtMs) / 1_000),
  };
}

function tableOf(past: readonly PastMigration[]): string {
  const table = new Table({ head: ['ended', 'instance', 'service', 'took', 'outcome', 'by'], colWidths: [null, null, null, null, OUTCOME_COLUMNS, null], wordWrap: true, style: { head: [], border: [], compact: true } });
  for (const { endedAt, instanceId, service, seconds, outcome, replacementId, reason, by } of past) {
    table.push([endedAt, instanceId, service ?? '-', seconds === null ? '-' : `${seconds} s`, [outcome, replacementId ?? reason ?? ''].filter((part) => part !== '').join(': '), by]);
  }
  return table.toString();
}
