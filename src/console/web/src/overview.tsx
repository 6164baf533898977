import type { ReactNode } from 'react';
import type { FleetView, MigrationRow } from '../../console-api';
import { Table, Time } from './parts';

export function Overview({ fleet }: { readonly fleet: FleetView | null }): ReactNode {
  if (fleet === null) return <p role="status">Reading the fleet ...</p>;
  const running = fleet.migrations.filter(({ endedAtMs }) => endedAtMs === null);
  const ended = fleet.migrations.filter(({ endedAtMs }) => endedAtMs !== null);
  return (
    <>
      <h1>Fleet</h1>
      {fleet.trouble !== null && <p className="trouble" role="alert">What is shown is old: {fleet.trouble}</p>}
      <h2>Running migrations ({running.length})</h2>
      {running.length === 0 ? <p>None runs.</p> : <Migrations caption="Running migrations" rows={running} />}
      <h2>Latest plans</h2>
      {fleet.plans.length === 0 ? <p>There is no plan yet: foreshift plan makes one.</p> : (
        <Table caption="Latest plans" heads={['Plan', 'Made', 'Fleet', 'Mode', 'Moves', 'Instances']}>
          {fleet.plans.map(({ planId, atMs, fleet: of, mode, moves, instances }) => (
            <tr key={planId}><td><a href={`#/plan/${planId}`}>{planId}</a></td><td><Time ms={atMs} /></td><td>{of}</td><td>{mode}</td><td className="number">{moves}</td><td className="number">{instances}</td></tr>
          ))}
        </Table>
      )}
      <h2>Latest that ended ({ended.length})</h2>
      {ended.length === 0 ? <p>None ended yet.</p> : <Migrations caption="Migrations that ended" rows={ended} />}
    </>
  );
}

function Migrations({ caption, rows }: { readonly caption: string; readonly rows: readonly MigrationRow[] }): ReactNode {
  return (
    <Table caption={caption} heads={['Instance', 'State', 'Phase', 'Shadow\'s share', 'Sync lag', 'Judge', 'Started']}>
      {rows.map(({ instanceId, workflowId, state, phase, status, startedAtMs }) => (
        <tr key={`${workflowId}${startedAtMs}`}>
          <td><a href={`#/migration/${instanceId}`}>{instanceId}</a></td>
          <td>{status?.awaitingApproval ? 'waits for approval' : status?.aborting != null ? 'going back' : state.toLowerCase()}</td>
          <td>{phase ?? 'not known'}</td>
          <td className="number">{status === null ? '-' : `${status.shadowPercent} %`}</td>
          <td className="number">{status?.sync?.lagBytes == null ? '-' : `${status.sync.lagBytes.toLocaleString('en')} bytes`}</td>
          <td>{status?.lastVerdict ?? '-'}</td>
          <td><Time ms={startedAtMs} /></td>
        </tr>
      ))}
    </Table>
  );
}
