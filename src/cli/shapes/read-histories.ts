import { join } from 'node:path';
import { createCompute } from '../../adapters/aws/compute';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import { FLEET_TAG } from '../../contracts/workflow-ids';
import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import { withoutLeadingGap } from '../../forecasting/load-series';
import { PATTERN_METRICS, type InstanceHistory, type PatternMetric } from '../../forecasting/patterns/describe-pattern';
import { listCsvFiles } from '../detect/list-csv-files';
import { readCsvHistory } from '../forecast/single/csv-history';
import { openAws } from '../open-aws';
import { WrongUsage } from '../report-failure';

const STEP_MS = 300_000;
const HISTORY_MS = 14 * 86_400_000;
const FILE = new RegExp(`^(.*?)(?:\\.(${PATTERN_METRICS.join('|')}))?\\.csv(?:\\.gz)?$`, 'i');

/** Files `NAME.METRIC.csv` (or `NAME.csv` for CPU) below a folder, all of instances of one shape. @throws WrongUsage where there is none */
export async function readHistories(folder: string, present: CatalogueShape): Promise<InstanceHistory[]> {
  const files = await listCsvFiles(folder, /\.csv(\.gz)?$/i).catch((error: unknown) => {
    throw new WrongUsage(`--history: ${folder} cannot be read: ${(error as Error).message}`);
  });
  if (files.length === 0) throw new WrongUsage(`--history: there is no CSV file below ${folder}; expected files such as web-1.cpuPercent.csv with the columns timestamp,value`);
  const histories = new Map<string, { -readonly [Metric in PatternMetric]?: InstanceHistory['series'][Metric] }>();
  for (const file of files) {
    const [, id = file, metric] = FILE.exec(file) ?? [];
    const series = histories.get(id) ?? {};
    series[(metric ?? 'cpuPercent') as PatternMetric] = await readCsvHistory(join(folder, file), {});
    histories.set(id, series);
  }
  return [...histories].map(([id, series]) => ({ id, present, series }));
}

/** Two weeks of what CloudWatch has of every running instance of a fleet. @throws WrongUsage where there is none */
export async function readFleetHistories(fleet: string, stack: string, nowMs: number): Promise<InstanceHistory[]> {
  const { clients, metrics } = await openAws(stack);
  const catalogue = createShapeCatalogue(clients);
  const members = await createCompute(clients.ec2, catalogue).listTagged(FLEET_TAG, fleet);
  if (members.length === 0) throw new WrongUsage(`--fleet: no running instance has the tag foreshift:fleet=${fleet}`);
  const endAtMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const found = await metrics.loadSeries(members.map(({ instanceId }) => instanceId), { startAtMs: endAtMs - HISTORY_MS, endAtMs, stepMs: STEP_MS });
  return Promise.all(
    members.map(async ({ instanceId, tags, shape }): Promise<InstanceHistory> => {
      const own = found.filter((one) => one.instanceId === instanceId && one.values.some((value) => value !== null));
      const series = Object.fromEntries(own.map(({ metric, startAtMs, stepMs, values }) => [metric, withoutLeadingGap({ id: `${instanceId}/${metric}`, startAtMs, stepMs, values })]));
      return { id: tags['Name'] ?? instanceId, present: await catalogue.shape(shape), series };
    }),
  );
}
