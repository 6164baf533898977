import { basename } from 'node:path';
import { boundsOf } from '../../../domain/forecast';
import { LOAD_METRICS, type LoadMetric } from '../../../domain/forecast';
import { checkMigrationInput } from '../../../domain/migration-input';
import type { LoadSeries } from '../../../forecasting/load-series';
import { WrongUsage } from '../../report-failure';
import { readCsvHistory } from '../single/csv-history';
import { readInstanceHistory } from '../single/instance-history';
import { openAws } from '../../open-aws';

const INSTANCE_STEP_MS = 300_000;

export interface HistorySource {
  readonly csv?: readonly string[];
  readonly metric?: LoadMetric;
  readonly stack: string;
}

/** The series of files, or of an instance: one of its metrics, or all that it publishes. @throws WrongUsage where it is neither or both */
export async function readHistories(instanceId: string | undefined, { csv = [], metric, stack }: HistorySource): Promise<LoadSeries[]> {
  if ((instanceId === undefined) === (csv.length === 0)) throw new WrongUsage('expected one of an instance id and --csv FILE');
  if (instanceId === undefined) {
    const bounds = metric === undefined ? {} : { bounds: boundsOf(metric) };
    return Promise.all(csv.map(async (file) => ({ ...(await readCsvHistory(file, bounds)), id: csv.length === 1 ? basename(file) : file })));
  }
  const problems = checkMigrationInput({ instanceId });
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  const { metrics } = await openAws(stack);
  const nowMs = Date.now();
  const read = (one: LoadMetric) => readInstanceHistory(metrics, { instanceId, metric: one, stepMs: INSTANCE_STEP_MS, nowMs });
  if (metric !== undefined) return [await read(metric)];
  const found = await Promise.allSettled(LOAD_METRICS.map(read));
  const series = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  // Metrics that are not published are passed over; where there is none at all, the reason is told.
  if (series.length === 0 && found[0]?.status === 'rejected') throw found[0].reason;
  return series;
}

/** One step for all: steps of the horizon count in it. @throws WrongUsage where they differ */
export function commonStepMs(series: readonly LoadSeries[]): number {
  const [stepMs = INSTANCE_STEP_MS] = series.map((one) => one.stepMs);
  const other = series.find((one) => one.stepMs !== stepMs);
  if (other !== undefined) throw new WrongUsage(`--csv: expected files of one step; ${other.id} has ${other.stepMs / 1000} s, the first ${stepMs / 1000} s`);
  return stepMs;
}
