import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadMetric } from '../../domain/forecast';
import { boundsOf } from '../../domain/forecast';
import type { LoadSeries } from '../../forecasting/load-series';
import { readCsvHistory } from '../forecast/single/csv-history';

/** The files `*.csv` and `*.csv.gz` of a folder, each the load of one kin on one grid. @throws Error naming the folder or file that cannot be read, or a folder without any */
export async function readKinFolder(folder: string, metric: LoadMetric, stepMs: number): Promise<LoadSeries[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new Error(`--csv: ${folder}: cannot be read: ${(error as Error).message}`);
  });
  const files = names.filter((name) => /\.csv(\.gz)?$/.test(name)).sort();
  if (files.length === 0) throw new Error(`--csv: ${folder}: expected files named *.csv or *.csv.gz, found none`);
  return Promise.all(files.map((name) => readCsvHistory(join(folder, name), { stepMs, bounds: boundsOf(metric) })));
}
