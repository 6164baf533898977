import { parse } from 'csv-parse/sync';
import { InvalidSeriesError } from '../../forecasting/invalid-series-error';
import { checkValue } from '../../forecasting/load-series';
import { readTimeMs } from './read-time';
import { shown, shownText } from '../../domain/shown';

export interface CsvRow {
  /** As they stand in the file: what is written back is what was read. */
  readonly timestampText: string;
  readonly valueText: string;
  readonly atMs: number;
  /** Null for an empty field: a gap. */
  readonly value: number | null;
}

/** A decimal number and nothing else: `Number` alone would take '0x10' and ' '. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The rows of a CSV with the columns `timestamp` and `value`, in file order (clock changes repeat and reverse timestamps); other columns are ignored. An empty
 * value is a gap.
 *
 * @throws InvalidSeriesError naming row and column (rows are counted as lines are, the header being row 1): no header, a missing column, no row, a timestamp
 * that is no time, a value that is no finite number or is beyond ±1e18.
 */
export function parseSeriesCsv(text: string): CsvRow[] {
  const [header, ...records] = parseRecords(text);
  if (header === undefined) throw new InvalidSeriesError('row 1', 'the file is empty; expected a header with the columns timestamp and value');
  const timestampAt = columnOf(header, 'timestamp');
  const valueAt = columnOf(header, 'value');
  if (records.length === 0) throw new InvalidSeriesError('row 2', 'there is no row below the header');
  return records.map((record, i) => {
    const row = i + 2;
    const timestampText = (record[timestampAt] ?? '').trim();
    const atMs = readTimeMs(timestampText);
    if (Number.isNaN(atMs)) throw new InvalidSeriesError(`row ${row}, column timestamp`, `expected a time such as 2024-01-31 14:30:00, got ${shown(timestampText)}`);
    const valueText = (record[valueAt] ?? '').trim();
    return { timestampText, valueText, atMs, value: parseValue(valueText, `row ${row}, column value`) };
  });
}

/** `timestamp,value,anomaly_score`: one line for each row, in the order of the rows. `scores` are in 0..1. */
export function formatScoredCsv(rows: readonly CsvRow[], scores: ArrayLike<number>): string {
  const lines = rows.map((row, i) => `${quote(row.timestampText)},${row.valueText},${Number((scores[i] as number).toFixed(6))}`);
  return `timestamp,value,anomaly_score\n${lines.join('\n')}\n`;
}

function parseRecords(text: string): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    throw new InvalidSeriesError('the file', `it is not a CSV: ${(error as Error).message}`);
  }
}

function columnOf(header: readonly string[], name: string): number {
  const at = header.findIndex((title) => title.trim().toLowerCase() === name);
  if (at < 0) throw new InvalidSeriesError(`row 1, column ${name}`, `it is missing; the columns are ${shownText(header.join(', '), 300)}`);
  return at;
}

function parseValue(text: string, field: string): number | null {
  if (text === '') return null;
  if (!DECIMAL.test(text)) throw new InvalidSeriesError(field, `expected a finite number, got ${shown(text)}`);
  const value = Number(text);
  checkValue(value, field);
  return value;
}

function quote(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
