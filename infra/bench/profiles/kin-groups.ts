import type { LoadSeries } from '../../../src/forecasting/load-series';
import { foldOf, readPlanetLab, readTraces } from '../../../src/forecasting/training/read-traces';

/** Workloads of one family and metric. */
export interface KinGroup {
  readonly name: string;
  readonly family: string;
  /** Series whose earlier part teaches, and whose later part is forecast by what the others teach. */
  readonly members: readonly GroupMember[];
  /** Whether a target's kin are all members but itself; else those that teach are no targets. */
  readonly leaveOneOut: boolean;
}

export interface GroupMember {
  readonly entity: string;
  /** What a profile may learn from; null for a member that is only a target. */
  readonly past: LoadSeries | null;
  /** What is forecast; null for a member that only teaches. */
  readonly future: LoadSeries | null;
}

const STEP_MS = 300_000;
const FEWEST_MEMBERS = 4;
const PLANETLAB_KIN = 60;
const PLANETLAB_TARGETS = 60;
const PLANETLAB_DAYS = 3;

/**
 * Groups of kin with three others at least, of five-minute series. A profile learns from the first half of its kin and forecasts the second half of a series that it never saw, so that neither the series nor the
 * time is known to it. PlanetLab's machines are known for a day each: those of the first three days teach, others of the last days are targets.
 */
export function readKinGroups(data: string, only: string | null): KinGroup[] {
  const byName = new Map<string, GroupMember[]>();
  const traces = readTraces(data).filter(({ stepSeconds, family }) => stepSeconds * 1000 === STEP_MS && family !== 'datacenter');
  for (const { id, family, entity, startAtSeconds, values } of traces) {
    const name = `${family} ${metricOf(id, family)}`;
    const half = Math.floor(values.length / 2);
    const part = (from: number, to: number): LoadSeries => ({ id, startAtMs: (startAtSeconds + 300 * from) * 1000, stepMs: STEP_MS, values: values.slice(from, to), bounds: { lower: 0 } });
    byName.set(name, [...(byName.get(name) ?? []), { entity, past: part(0, half), future: part(half, values.length) }]);
  }
  const groups: KinGroup[] = [...byName].filter(([, members]) => members.length >= FEWEST_MEMBERS).map(([name, members]) => ({ name, family: name.split(' ')[0] as string, members, leaveOneOut: true }));
  return [...groups, planetLab(data)].filter(({ name }) => only === null || name.includes(only));
}

function metricOf(id: string, family: string): string {
  if (family === 'bitbrains') return 'cpu_mhz';
  if (family === 'web_requests') return 'mentions';
  // EC2's, RDS' and groups' CPU utilization are one metric of CloudWatch.
  if (family === 'nab_aws') return id.includes('cpu_utilization') ? 'cpu_utilization' : id;
  return id.split('_').slice(1).join('_');
}

function planetLab(data: string): KinGroup {
  const days = new Map<string, GroupMember[]>();
  for (const { id, entity, values } of readPlanetLab(data)) {
    const day = id.split('/')[1] as string;
    const series: LoadSeries = { id, startAtMs: 0, stepMs: STEP_MS, values, bounds: { lower: 0, upper: 100 } };
    days.set(day, [...(days.get(day) ?? []), { entity, past: series, future: series }]);
  }
  const all = [...days.values()];
  const take = (some: readonly GroupMember[], count: number) => Array.from({ length: count }, (_, i) => some[Math.floor((i * some.length) / count)] as GroupMember);
  // A machine teaches or is forecast, never both.
  const teachers = take(all.slice(0, PLANETLAB_DAYS).flat().filter(({ entity }) => foldOf(entity, 2) === 0), PLANETLAB_KIN);
  const targets = take(all.slice(PLANETLAB_DAYS).flat().filter(({ entity }) => foldOf(entity, 2) === 1), PLANETLAB_TARGETS);
  return { name: 'planetlab cpu', family: 'planetlab', members: [...teachers.map((one) => ({ ...one, future: null })), ...targets.map((one) => ({ ...one, past: null }))], leaveOneOut: false };
}
