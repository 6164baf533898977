import { basename } from 'node:path';
import { readTrace, TraceFormatError } from '../../../../infra/local/demo/trace-csv';
import { InvalidSeriesError } from '../../../forecasting/invalid-series-error';
import type { LoadSeries, SeriesBounds } from '../../../forecasting/load-series';
import { regularizePoints } from '../../../forecasting/regularize-points';

export interface CsvHistoryOptions {
  /** Grid step in ms; left out, the median distance of the rows. */
  readonly stepMs?: number;
  /** Left out: not below zero where nothing in the file is, else none. */
  readonly bounds?: SeriesBounds;
}

/**
 * A file with the columns `timestamp,value` (CSV, or CSV in gzip) as a regular series. Rows may come in any order, repeat a time (they are averaged) and leave
 * steps out (gaps); times without a zone are UTC.
 *
 * @throws Error naming file, line and column
 */
export async function readCsvHistory(file: string, { stepMs, bounds }: CsvHistoryOptions): Promise<LoadSeries> {
  const points = await readTrace(file).catch((error: unknown) => {
    if (error instanceof TraceFormatError) throw error;
    throw new Error(`${file}: cannot be read: ${(error as Error).message}`);
  });
  const positive = points.every(({ value }) => value === null || value >= 0);
  try {
    return regularizePoints(points, { id: basename(file), ...(stepMs === undefined ? {} : { stepMs }), bounds: bounds ?? (positive ? { lower: 0 } : {}) });
  } catch (error) {
    if (error instanceof InvalidSeriesError) throw new Error(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
