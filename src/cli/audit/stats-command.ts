import Table from 'cli-table3';
import { Command } from 'commander';
import { type AuditCount, auditStats } from '../../adapters/postgres/audit-stats';
import { withDatabase } from '../environment';
import { momentGone } from '../parse-moment';

interface StatsOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly since?: number;
  readonly until?: number;
}

/** `foreshift audit stats` */
export function statsCommand(): Command {
  return new Command('stats')
    .description('how many records of what and by whom, how migrations ended, how long they took, and why they did not complete')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .option('--since <time>', 'from then on: 2h, 3d, or 2026-11-26T10:00:00Z', momentGone)
    .option('--until <time>', 'before then', momentGone)
    .action(stats);
}

async function stats({ stack, json, since, until }: StatsOptions): Promise<void> {
  const found = await withDatabase(stack, (db) => auditStats(db, { sinceMs: since, untilMs: until }));
  if (json === true) return console.log(JSON.stringify(found, null, 2));
  const { records, firstAtMs, lastAtMs, medianMigrationMs } = found;
  console.log(`${records} records${firstAtMs === null || lastAtMs === null ? '' : ` from ${new Date(firstAtMs).toISOString()} to ${new Date(lastAtMs).toISOString()}`}`);
  if (medianMigrationMs !== null) console.log(`a migration took ${(medianMigrationMs / 60_000).toFixed(1)} min (median)`);
  for (const [title, counts] of [['migrations ended', found.outcomes], ['not completed, because', found.reasons], ['kind', found.byKind], ['actor', found.byActor]] as const) if (counts.length > 0) console.log(tableOf(title, counts));
}

function tableOf(title: string, counts: readonly AuditCount[]): string {
  const table = new Table({ head: [title, 'records'], style: { head: [], border: [] }, colAligns: ['left', 'right'], colWidths: [70, 10], wordWrap: true });
  table.push(...counts.map(({ name, count }) => [name, count]));
  return table.toString();
}
