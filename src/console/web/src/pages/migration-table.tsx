import type { ReactNode } from 'react';
import type { MigrationRow } from '../../../console-api';
import { bytes, percent, span } from '../format';
import { Bar } from '../parts/bar';
import { lookOf } from '../parts/migration-look';
import { Pill } from '../parts/pill';
import { Time } from '../parts/time';
import { VirtualTable, type Column } from '../parts/virtual-table';

const INSTANCE: Column<MigrationRow> = { head: 'Instance', width: 190, by: ({ instanceId }) => instanceId, cell: ({ instanceId }) => <a href={`#/migration/${instanceId}`}>{instanceId}</a> };
const STATE: Column<MigrationRow> = { head: 'State', width: 190, by: (row) => lookOf(row).text, cell: (row) => <Pill {...lookOf(row)} /> };
const STARTED: Column<MigrationRow> = { head: 'Started (UTC)', width: 160, by: ({ startedAtMs }) => startedAtMs, cell: ({ startedAtMs }) => <Time ms={startedAtMs} /> };
const PHASE: Column<MigrationRow> = { head: 'Phase', width: 110, by: ({ phase }) => phase, cell: ({ phase }) => phase ?? 'not known' };

const RUNNING: readonly Column<MigrationRow>[] = [
  INSTANCE,
  STATE,
  PHASE,
  { head: 'Shadow\'s share', width: 140, by: ({ status }) => status?.shadowPercent ?? null, cell: ({ status }) => (status === null ? '-' : <Bar percent={status.shadowPercent} text={percent(status.shadowPercent)} />) },
  { head: 'Sync lag', width: 110, number: true, by: ({ status }) => status?.sync?.lagBytes ?? null, cell: ({ status }) => (status?.sync?.lagBytes == null ? '-' : bytes(status.sync.lagBytes)) },
  { head: 'Judge', width: 250, cell: ({ status }) => <span title={status?.lastVerdict ?? undefined}>{status?.lastVerdict ?? '-'}</span> },
  STARTED,
];

const ENDED: readonly Column<MigrationRow>[] = [
  INSTANCE,
  STATE,
  { ...PHASE, head: 'Last phase' },
  STARTED,
  { head: 'Took', width: 120, number: true, by: ({ startedAtMs, endedAtMs }) => (endedAtMs ?? startedAtMs) - startedAtMs, cell: ({ startedAtMs, endedAtMs }) => (endedAtMs === null ? '-' : span(endedAtMs - startedAtMs)) },
];

/** Migrations, running or ended. */
export function MigrationTable({ caption, rows, ended = false }: { readonly caption: string; readonly rows: readonly MigrationRow[]; readonly ended?: boolean }): ReactNode {
  return <VirtualTable caption={caption} rows={rows} columns={ended ? ENDED : RUNNING} keyOf={({ workflowId, runId }) => `${workflowId}/${runId}`} />;
}
