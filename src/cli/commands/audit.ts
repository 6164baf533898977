import { Command } from 'commander';
import { z } from 'zod';
import { createAuditLog } from '../../adapters/postgres/audit-log';
import type { AuditRecord } from '../../contracts/audit';
import { auditRecordSchema } from '../../contracts/audit-record-schema';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { exportCommand } from '../audit/export-command';
import { filterOf, type FilterOptions, withFilter } from '../audit/filter-options';
import { checkpointCommand, keyCommand } from '../audit/key-commands';
import { reconcileCommand } from '../audit/reconcile-command';
import { statsCommand } from '../audit/stats-command';
import { verifyCommand } from '../audit/verify-command';
import { withDatabase } from '../environment';
import { wholeNumber } from '../parse-options';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

/** `foreshift audit list|show|verify|export|stats|reconcile|checkpoint|key|schema` */
export function auditCommand(): Command {
  const audit = new Command('audit').description('The history of every decision and effect, append-only, hash-chained and signed').addHelpText(
    'after',
    `
Examples:
  foreshift audit show i-0123456789abcdef0                        one instance's story
  foreshift audit list --outcome RolledBack --since 7d            what was rolled back in a week
  foreshift audit list --service shop --text "error rate" --json
  foreshift audit export --format parquet --out audit.parquet
  foreshift audit verify --public-key audit.pem.pub --checkpoints kept.jsonl`,
  );
  withFilter(audit.command('list').description('newest records that pass the filter, oldest of them first'))
    .option('--limit <n>', 'at most this many', wholeNumber(1), 200)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON, one a line')
    .action(list);
  audit.command('show').description("one migration's story").argument('<instanceId>', 'EC2 instance id').option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON').action(show);
  for (const command of [verifyCommand(), exportCommand(), statsCommand(), reconcileCommand(), checkpointCommand(), keyCommand()]) audit.addCommand(command);
  audit
    .command('schema')
    .description('the JSON Schema of a record, as list --json and export --format jsonl give it')
    .action(() => console.log(JSON.stringify(z.toJSONSchema(auditRecordSchema), null, 2)));
  return audit;
}

async function list(options: FilterOptions & Common & { readonly limit: number }): Promise<void> {
  const records = await withDatabase(options.stack, (db) => createAuditLog(db).list({ ...filterOf(options), limit: options.limit }));
  if (options.json === true) for (const record of records) console.log(JSON.stringify(record));
  else for (const record of records) console.log(line(record));
}

async function show(instanceId: string, { stack, json }: Common): Promise<void> {
  const records = await withDatabase(stack, (db) => createAuditLog(db).list({ workflowId: migrationWorkflowId(instanceId), limit: 100_000 }));
  if (records.length === 0) throw new Error(`the audit knows no migration of ${instanceId}`);
  if (json === true) return console.log(JSON.stringify(records, null, 2));
  for (const record of records) {
    console.log(line(record));
    if (record.reason !== null) console.log(`          ${record.reason}`);
  }
}

function line({ seq, atMs, kind, instanceId, actor, summary }: AuditRecord): string {
  return `${String(seq).padStart(6)}  ${new Date(atMs).toISOString()}  ${kind.padEnd(8)}  ${instanceId ?? '-'}  ${actor}  ${summary}`;
}
