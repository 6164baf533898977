import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { shown, shownText } from '../../../src/domain/shown';
import type { LoadPoint } from '../../../src/forecasting/regularize-points';

/** A trace file that cannot be read, with the place in the file where there is one. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError';
}

/** Beyond this, a number of seconds is one of milliseconds: the year 5138. */
const LATEST_SECONDS = 1e11;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads a trace, CSV or gzipped CSV (told by its content). See `parseTrace`.
 *
 * @throws TraceFormatError naming file, line and column
 */
export async function readTrace(path: string): Promise<LoadPoint[]> {
  const bytes = await readFile(path);
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (zipped ? await promisify(gunzip)(bytes) : bytes).toString('utf8');
  return parseTrace(text, path);
}

/**
 * Reads CSV with the header `timestamp,value` (in any order, other columns ignored). Timestamps are ISO 8601, in UTC where no zone is given, or Unix seconds; an
 * empty value is a gap.
 *
 * @param source what to call the text in errors
 * @throws TraceFormatError naming line and column
 */
export function parseTrace(text: string, source: string): LoadPoint[] {
  const rows = readRows(text, source);
  const header = rows[0]?.record.map((name) => name.trim().toLowerCase()) ?? [];
  const timestampAt = header.indexOf('timestamp');
  const valueAt = header.indexOf('value');
  if (timestampAt < 0 || valueAt < 0) {
    throw new TraceFormatError(`${source}, line 1: expected the columns timestamp and value, got ${shownText(header.join(',')) || 'nothing'}`);
  }
  const points = rows.slice(1).map(({ record, info }) => {
    const at = `${source}, line ${info.lines}`;
    return { atMs: readTime(record[timestampAt], at), value: readValue(record[valueAt], at) };
  });
  if (!points.some(({ value }) => value !== null)) throw new TraceFormatError(`${source}: there is no value`);
  return points;
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function readRows(text: string, source: string): Row[] {
  try {
    // csv-parse's types leave out what `info` changes.
    return parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, info: true }) as unknown as Row[];
  } catch (error) {
    throw new TraceFormatError(`${source}: expected CSV with the header timestamp,value: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readTime(cell: string | undefined, at: string): number {
  const text = cell?.trim() ?? '';
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text);
    if (Math.abs(seconds) < LATEST_SECONDS) return seconds * 1000;
    throw new TraceFormatError(`${at}, column timestamp: ${text} is no time in seconds (milliseconds?)`);
  }
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) || text.length <= 10 ? text : `${text}Z`;
  const atMs = ISO_TIME.test(text) ? Date.parse(zoned.replace(' ', 'T')) : NaN;
  if (Number.isNaN(atMs)) throw new TraceFormatError(`${at}, column timestamp: expected an ISO 8601 time or Unix seconds, got ${shown(text)}`);
  return atMs;
}

function readValue(cell: string | undefined, at: string): number | null {
  const text = cell?.trim() ?? '';
  if (text === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new TraceFormatError(`${at}, column value: expected a number or nothing, got ${shown(text)}`);
  return value;
}
