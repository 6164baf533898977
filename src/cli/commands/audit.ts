import { Command } from 'commander';
import { createAuditLog } from '../../adapters/postgres/audit-log';
import type { AuditRecord } from '../../contracts/audit';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { withDatabase } from '../environment';
import { wholeNumber } from '../parse-options';

interface AuditOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly instance?: string;
  readonly kind?: string;
  readonly limit: number;
}

/** `foreshift audit list|show|verify` */
export function auditCommand(): Command {
  const audit = new Command('audit').description('The history of every decision and effect, append-only and hash-chained');
  const sub = (name: string, description: string): Command => audit.command(name).description(description).option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
  sub('list', 'newest records, oldest of them first')
    .option('--instance <id>', 'of one instance')
    .option('--kind <kind>', 'decision, intent, act, readback, undo, failure, refusal, approval, operator, phase, outcome')
    .option('--limit <n>', 'at most this many', wholeNumber(1), 200)
    .action(list);
  sub('show', "one migration's story").argument('<instanceId>', 'EC2 instance id').action(show);
  sub('verify', 're-computes the whole chain; exit code 1 where it is broken').action(verify);
  return audit;
}

async function list(options: AuditOptions): Promise<void> {
  const records = await withDatabase(options.stack, (db) =>
    createAuditLog(db).list({ limit: options.limit, ...(options.instance ? { instanceId: options.instance } : {}), ...(options.kind ? { kind: options.kind } : {}) }),
  );
  if (options.json === true) for (const record of records) console.log(JSON.stringify(record));
  else for (const record of records) console.log(line(record));
}

async function show(instanceId: string, options: AuditOptions): Promise<void> {
  const records = await withDatabase(options.stack, (db) => createAuditLog(db).list({ workflowId: migrationWorkflowId(instanceId), limit: 100_000 }));
  if (records.length === 0) throw new Error(`the audit knows no migration of ${instanceId}`);
  if (options.json === true) return console.log(JSON.stringify(records, null, 2));
  for (const record of records) {
    console.log(line(record));
    if (record.reason !== null) console.log(`          ${record.reason}`);
  }
}

async function verify(options: AuditOptions): Promise<void> {
  const verdict = await withDatabase(options.stack, (db) => createAuditLog(db).verify());
  if (options.json === true) console.log(JSON.stringify(verdict, null, 2));
  else console.log(verdict.intact ? `${verdict.records} records, chain verified, head ${verdict.head}` : verdict.problems.join('\n'));
  if (!verdict.intact) process.exitCode = 1;
}

function line({ seq, atMs, kind, instanceId, actor, summary }: AuditRecord): string {
  return `${String(seq).padStart(6)}  ${new Date(atMs).toISOString()}  ${kind.padEnd(8)}  ${instanceId ?? '-'}  ${actor}  ${summary}`;
}
