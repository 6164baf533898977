import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { MigrationRow } from '../../../console-api';
import type { InstanceRow, InstancesView } from '../../../instance-api';
import { fromNow, percent, span } from '../format';
import { useNow } from '../hooks';
import { Bar } from '../parts/bar';
import { lookOf } from '../parts/migration-look';
import { Pill, type StateLook, type Tone } from '../parts/pill';
import { Time } from '../parts/time';
import { VirtualTable, type Column } from '../parts/virtual-table';

export type Standing = 'moving' | 'runs out' | 'planned' | 'no forecast' | 'calm';

/** The newest migration of each instance. */
export type MovesByInstance = ReadonlyMap<string, MigrationRow>;

/** Less expected overload than this threatens nothing. */
const THREAT_MINUTES = 1;
const NEAR_RATIO = 0.85;

/** How an instance stands: what moves, or is planned to, is the answer to what runs out, and comes first. A plan whose move has ended is none any more. */
export function standingOf({ instanceId, planned, plannedAtMs, overloadMinutes }: InstanceRow, moves: MovesByInstance): Standing {
  const move = moves.get(instanceId);
  if (move !== undefined && move.endedAtMs === null) return 'moving';
  if (planned !== null && (move === undefined || move.startedAtMs < plannedAtMs)) return 'planned';
  if (overloadMinutes === null) return 'no forecast';
  return overloadMinutes >= THREAT_MINUTES ? 'runs out' : 'calm';
}

const LOOKS: Readonly<Record<Standing, StateLook>> = {
  moving: { text: 'moving', tone: 'info', icon: 'play' },
  'runs out': { text: 'runs out', tone: 'bad', icon: 'alert' },
  planned: { text: 'move planned', tone: 'warn', icon: 'clock' },
  'no forecast': { text: 'no forecast', tone: 'idle', icon: 'info' },
  calm: { text: 'calm', tone: 'good', icon: 'check' },
};

/** Every instance: its load now and ahead, its limit, when it runs out, and what is planned. */
export function InstanceTable({ view, rows, moves }: { readonly view: InstancesView; readonly rows: readonly InstanceRow[]; readonly moves: MovesByInstance }): ReactNode {
  const nowMs = useNow(30_000);
  const columns = useMemo(() => columnsOf(view, moves, nowMs), [view, moves, nowMs]);
  return <VirtualTable caption="Instances" rows={rows} columns={columns} keyOf={({ instanceId }) => instanceId} sort={{ head: 'Overload', falling: true }} />;
}

/** Made once: ten thousand rows are sorted anew only where what they are sorted by is another. */
const BY = {
  name: ({ name }: InstanceRow) => name,
  now: ({ cpuPercent }: InstanceRow) => cpuPercent,
  ahead: ({ cpuAheadPercent }: InstanceRow) => cpuAheadPercent,
  runsOut: ({ runsOutAtMs }: InstanceRow) => runsOutAtMs,
  overload: ({ overloadMinutes }: InstanceRow) => overloadMinutes,
  planned: ({ planned }: InstanceRow) => planned?.startAtMs ?? null,
  service: ({ service }: InstanceRow) => service,
  shape: ({ shape }: InstanceRow) => shape,
};

function columnsOf({ cpuLimitPercent: limit, horizonMs }: InstancesView, moves: MovesByInstance, nowMs: number): Column<InstanceRow>[] {
  const toneOf = (value: number): Tone => (value >= limit ? 'bad' : value >= limit * NEAR_RATIO ? 'warn' : 'info');
  const load = (value: number | null) => (value === null ? <span className="soft">not known</span> : <Bar percent={value} text={percent(value)} tone={toneOf(value)} limit={limit} />);
  return [
    { head: 'Instance', width: 175, by: BY.name, cell: ({ name, instanceId }) => <><a href={`#/instance/${instanceId}`}>{name}</a><span className="sub">{instanceId}</span></> },
    { head: 'State', width: 135, by: (row) => standingOf(row, moves), cell: (row) => <Pill {...LOOKS[standingOf(row, moves)]} /> },
    { head: 'CPU now', width: 125, by: BY.now, cell: ({ cpuPercent }) => load(cpuPercent) },
    { head: 'CPU ahead', width: 125, by: BY.ahead, cell: ({ cpuAheadPercent }) => load(cpuAheadPercent) },
    { head: 'Runs out', width: 115, by: BY.runsOut, cell: ({ runsOutAtMs }) => (runsOutAtMs === null ? <span className="soft">-</span> : <>{fromNow(runsOutAtMs, nowMs)}<span className="sub"><Time ms={runsOutAtMs} /></span></>) },
    { head: 'Overload', width: 104, number: true, by: BY.overload, cell: ({ overloadMinutes }) => (overloadMinutes === null ? <span className="soft">-</span> : <span title={`expected within ${span(horizonMs)} where it stays`}>{overloadMinutes < THREAT_MINUTES ? 'none' : `${overloadMinutes.toFixed(0)} min`}</span>) },
    { head: 'Planned', width: 160, by: BY.planned, cell: (row) => <Planned row={row} move={moves.get(row.instanceId)} nowMs={nowMs} /> },
    { head: 'Service', width: 90, by: BY.service, cell: ({ service, fleet }) => <>{service}<span className="sub">fleet {fleet}</span></> },
    { head: 'Shape', width: 100, by: BY.shape, cell: ({ shape, poolId }) => <>{shape}<span className="sub">{poolId}</span></> },
  ];
}

function Planned({ row: { instanceId, planned, plannedAtMs, held, planId }, move, nowMs }: { readonly row: InstanceRow; readonly move: MigrationRow | undefined; readonly nowMs: number }): ReactNode {
  if (planned === null) return <span className="soft" title={held ?? undefined}>{held ?? 'nothing'}</span>;
  const begun = move !== undefined && (move.endedAtMs === null || move.startedAtMs >= plannedAtMs);
  return (
    <>
      <a href={`#/plan/${planId}`}>{planned.kind} to {planned.toShape}</a>
      <span className="sub">{begun ? <a href={`#/migration/${instanceId}`}>{lookOf(move).text}</a> : `${fromNow(planned.startAtMs, nowMs)}, in ${planned.toPoolId}`}</span>
    </>
  );
}
