import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Command, Option } from 'commander';
import { allRecords } from '../../adapters/postgres/audit-query';
import type { AuditRecord } from '../../contracts/audit';
import { withDatabase } from '../environment';
import { WrongUsage } from '../report-failure';
import { filterOf, type FilterOptions, withFilter } from './filter-options';
import { FLAT_COLUMNS, flatRecord } from './flat-record';

interface ExportOptions extends FilterOptions {
  readonly stack: string;
  readonly format: 'jsonl' | 'csv' | 'parquet';
  readonly out?: string;
}

/** `foreshift audit export` */
export function exportCommand(): Command {
  return withFilter(new Command('export').description('all records that pass the filter, in their order, to a file or to standard output'))
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addOption(new Option('--format <format>', 'one JSON a line (with which "audit verify --file" can do without the database), a table for spreadsheets, or one for query engines').choices(['jsonl', 'csv', 'parquet']).default('jsonl'))
    .option('--out <file>', 'written anew; standard output where it is not given, but for parquet')
    .action(exportRecords);
}

async function exportRecords(options: ExportOptions): Promise<void> {
  const { format, out, stack } = options;
  if (format === 'parquet' && out === undefined) throw new WrongUsage('--out is missing; --format parquet needs a file');
  await withDatabase(stack, async (db) => {
    let count = 0;
    const records = counted(allRecords(db, filterOf(options)), () => (count += 1));
    if (format === 'parquet') await writeParquet(records, out as string);
    else await writeLines(format === 'csv' ? csvLines(records) : jsonLines(records), out);
    if (out !== undefined) console.error(`${count} records in ${out}`);
  });
}

async function* counted(records: AsyncIterable<AuditRecord>, onRecord: () => void): AsyncGenerator<AuditRecord> {
  for await (const record of records) {
    onRecord();
    yield record;
  }
}

async function* jsonLines(records: AsyncIterable<AuditRecord>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

async function* csvLines(records: AsyncIterable<AuditRecord>): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync');
  yield `${FLAT_COLUMNS.join(',')}\n`;
  // A reason that begins with "=" is no formula, whatever a spreadsheet makes of it.
  for await (const record of records) yield stringify([flatRecord(record)], { columns: [...FLAT_COLUMNS], escape_formulas: true });
}

async function writeLines(lines: AsyncIterable<string>, out: string | undefined): Promise<void> {
  const target = out === undefined ? process.stdout : createWriteStream(out);
  for await (const line of lines) if (!target.write(line)) await once(target, 'drain');
  if (target !== process.stdout) {
    target.end();
    await once(target, 'finish');
  }
}

async function writeParquet(records: AsyncIterable<AuditRecord>, out: string): Promise<void> {
  const { fileWriter, parquetWriteRows } = await import('hyparquet-writer');
  const rows = (async function* () {
    for await (const record of records) yield flatRecord(record);
  })();
  const columns = FLAT_COLUMNS.map((name) => (name === 'seq' ? { name, type: 'INT32' as const, nullable: false } : { name, type: 'STRING' as const }));
  await parquetWriteRows({ writer: fileWriter(out), rows, columns, rowGroupSize: 10_000 });
}
