import { basename, join } from 'node:path';
import { createCompute } from '../../adapters/aws/compute';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import { FLEET_TAG } from '../../contracts/workflow-ids';
import { serviceOf } from '../../domain/service-of';
import type { Shape } from '../../domain/shape';
import type { RecordedLoad } from '../../simulation/fleet/build-case';
import { listCsvFiles } from '../detect/list-csv-files';
import { readCsvHistory } from '../forecast/single/csv-history';
import { readInstanceHistory } from '../forecast/single/instance-history';
import { openAws } from '../open-aws';
import { WrongUsage } from '../report-failure';

const INSTANCE_STEP_MS = 300_000;

/** The recorded loads of a fleet, and the grid that they lie on. */
export interface FleetHistory {
  readonly loads: readonly RecordedLoad[];
  readonly stepMs: number;
}

/** Every CSV (also in gzip) below a folder as the CPU load of one instance of the given shape. @throws WrongUsage where there is none, or their steps differ */
export async function readFolder(folder: string, shape: Shape): Promise<FleetHistory> {
  const files = await listCsvFiles(folder, /\.csv(\.gz)?$/i).catch((error: unknown) => {
    throw new WrongUsage(`--history: ${folder} cannot be read: ${(error as Error).message}`);
  });
  if (files.length === 0) throw new WrongUsage(`--history: there is no CSV file below ${folder}; expected files with the columns timestamp,value`);
  const series = await Promise.all(files.map((file) => readCsvHistory(join(folder, file), {})));
  const stepMs = series[0]?.stepMs ?? INSTANCE_STEP_MS;
  const other = series.find((one) => one.stepMs !== stepMs);
  if (other !== undefined) throw new WrongUsage(`--history: expected files of one step; ${other.id} has ${other.stepMs / 1000} s, the first ${stepMs / 1000} s`);
  const loads = series.map(({ startAtMs, values }, i): RecordedLoad => {
    const id = (files[i] as string).replace(/\.csv(\.gz)?$/i, '');
    return { id, service: basename(id), slaClass: 'standard', shape, startAtMs, values };
  });
  return { loads, stepMs };
}

/** Two weeks of CPU of every running instance with the fleet's tag, from CloudWatch. @throws WrongUsage where there is none */
export async function readFleet(fleet: string, stack: string, nowMs: number): Promise<FleetHistory> {
  const { clients, metrics } = await openAws(stack);
  const compute = createCompute(clients.ec2, createShapeCatalogue(clients));
  const members = await compute.listTagged(FLEET_TAG, fleet);
  if (members.length === 0) throw new WrongUsage(`--fleet: no running instance has the tag foreshift:fleet=${fleet}`);
  const loads = await Promise.all(
    members.map(async ({ instanceId, tags, shape }): Promise<RecordedLoad> => {
      const { startAtMs, values } = await readInstanceHistory(metrics, { instanceId, metric: 'cpuPercent', stepMs: INSTANCE_STEP_MS, nowMs });
      return { id: tags['Name'] ?? instanceId, service: serviceOf(tags), slaClass: 'standard', shape: await compute.shape(shape), startAtMs, values };
    }),
  );
  return { loads, stepMs: INSTANCE_STEP_MS };
}
