import type { ReactNode } from 'react';
import { mayDo } from '../../console-api';
import type { FleetView, MigrationDetail, SessionInfo } from '../../console-api';
import { act } from './api';
import { useRead } from './hooks';
import { ReasonForm, Time, useSaid } from './parts';
import { Records } from './records';

export function Migration({ instanceId, fleet, session }: { readonly instanceId: string; readonly fleet: FleetView | null; readonly session: SessionInfo }): ReactNode {
  // Read anew whenever the live fleet changed.
  const { value, error } = useRead<MigrationDetail>(`/api/migrations/${encodeURIComponent(instanceId)}`, fleet);
  const { said, tell } = useSaid();
  if (error !== null) return <p className="trouble" role="alert">{error}</p>;
  if (value === null) return <p role="status">Reading {instanceId} ...</p>;
  const { migration, records } = value;
  const { status, workflowId } = migration;
  const path = `/api/migrations/${encodeURIComponent(instanceId)}`;
  return (
    <>
      <h1>Migration of {instanceId}</h1>
      <p>{status?.outcome ?? migration.state}{status?.outcome == null && <>, phase <strong>{migration.phase ?? 'not known'}</strong></>}{status !== null && <>; the shadow takes {status.shadowPercent} % of the traffic</>}
        {status?.sync != null && <>; sync: {status.sync.why}{status.sync.lagBytes !== null && ` (${status.sync.lagBytes.toLocaleString('en')} bytes behind)`}</>}
        {status?.lastVerdict != null && <>; judge: {status.lastVerdict}</>}</p>
      <p>{migration.temporalUrl !== null && <><a href={migration.temporalUrl}>In the Temporal UI</a> | </>}<a href={`/api/audit/export?workflowId=${encodeURIComponent(workflowId)}`}>Export its history</a></p>
      {said}
      {status?.awaitingApproval != null && (
        <p>Waits until <Time ms={status.awaitingApproval.untilMs} /> for approval. <button disabled={!mayDo(session.role, 'approver')} onClick={() => tell(act(`${path}/approve`, { planHash: status.awaitingApproval?.planHash }, session))}>Approve this plan</button></p>
      )}
      {migration.endedAtMs === null && mayDo(session.role, 'operator') && <ReasonForm id="abort-reason" button="Abort, and go back" onReason={(reason) => tell(act(`${path}/abort`, { reason }, session))} />}
      {status !== null && (
        <>
          <h2>Timeline</h2>
          <ol className="timeline" aria-label="Phases">
            {status.phases.map(({ phase, startedAtMs, endedAtMs, note }, i) => (
              <li key={i}><strong>{phase}</strong> <Time ms={startedAtMs} />, {endedAtMs === undefined ? 'now' : `${((endedAtMs - startedAtMs) / 1_000).toFixed(1)} s`}{note !== undefined && <div className="soft">{note}</div>}</li>
            ))}
          </ol>
          <List title="A rollback would" lines={status.undo} />
          <List title="Left for an operator" lines={status.left} />
        </>
      )}
      <h2>Why, and what was done ({records.length} records)</h2>
      <Records caption="Audit of this migration" records={records} />
    </>
  );
}

function List({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): ReactNode {
  if (lines.length === 0) return null;
  return <><h2>{title}</h2><ul>{lines.map((line) => <li key={line}>{line}</li>)}</ul></>;
}
