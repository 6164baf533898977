import { readFile } from 'node:fs/promises';
import { findAnomalyEvents } from '../../forecasting/anomaly/find-anomaly-events';
import { scorePoints } from '../../forecasting/anomaly/score-points';
import { InvalidSeriesError } from '../../forecasting/invalid-series-error';
import { formatScoredCsv, parseSeriesCsv } from './series-csv';
import { writeWholeFile } from './write-whole-file';

export interface ScoredFile {
  readonly file: string;
  readonly rows: number;
  readonly events: readonly ReportedEvent[];
}

export interface ReportedEvent {
  /** First and last row of the event, as the file writes their times. */
  readonly from: string;
  readonly to: string;
  readonly score: number;
}

/**
 * Reads a CSV of one series, writes it again with its scores, and says what stood out.
 *
 * @throws Error naming the file, row and column that cannot be scored; nothing is written then.
 */
export async function scoreCsvFile(input: string, output: string): Promise<ScoredFile> {
  const text = await readFile(input, 'utf8');
  try {
    const rows = parseSeriesCsv(text);
    const scores = scorePoints(rows);
    await writeWholeFile(output, formatScoredCsv(rows, scores));
    const time = (index: number): string => rows[index]?.timestampText ?? '';
    const events = findAnomalyEvents(
      rows.map(({ value }) => value),
      scores,
    ).map(({ start, end, score }) => ({ from: time(start), to: time(end - 1), score }));
    return { file: input, rows: rows.length, events };
  } catch (error) {
    if (error instanceof InvalidSeriesError) throw new Error(`${input}: ${error.message}`, { cause: error });
    throw error;
  }
}
