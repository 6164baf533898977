import type { ReactNode } from 'react';
import type { StoredPlan } from '../../../activities/plan-port';
import { mayDo } from '../../console-api';
import type { SessionInfo } from '../../console-api';
import { act } from './api';
import { useRead } from './hooks';
import { ReasonForm, Table, Time, useSaid } from './parts';

export function Plan({ planId, session }: { readonly planId: string; readonly session: SessionInfo }): ReactNode {
  const path = `/api/plans/${encodeURIComponent(planId)}`;
  const { value, error } = useRead<StoredPlan>(path);
  const { said, tell } = useSaid();
  if (error !== null) return <p className="trouble" role="alert">{error}</p>;
  if (value === null) return <p role="status">Reading {planId} ...</p>;
  const { plan, planHash, atMs, choice } = value;
  const waits = choice.mode === 'propose' || choice.mode === 'approve-risky';
  return (
    <>
      <h1>{planId}</h1>
      <p>Made <Time ms={atMs} />, mode {choice.mode}; costs {plan.costUsd.toFixed(2)} USD, saves {plan.savesUsd.toFixed(2)} USD, avoids {plan.avoidedMinutes.toFixed(0)} min of overload. Hash {planHash.slice(0, 12)}</p>
      {said}
      {waits && mayDo(session.role, 'approver') && (
        <><button onClick={() => tell(act(`${path}/approve`, { planHash }, session))}>Approve</button><ReasonForm id="decline-reason" button="Decline" onReason={(reason) => tell(act(`${path}/decline`, { reason }, session))} /></>
      )}
      <h2>Moves ({plan.moves.length})</h2>
      <Table caption="Moves" heads={['Instance', 'What', 'From', 'To', 'Start by', 'Overload at', 'Risk', 'Why']}>
        {plan.moves.map((move) => (
          <tr key={move.instanceId}><td><a href={`#/migration/${move.instanceId}`}>{move.name}</a></td><td>{move.kind}</td><td>{move.fromShape}, {move.fromPoolId}</td><td>{move.toShape}, {move.toPoolId}</td><td><Time ms={move.startAtMs} /></td><td>{move.deadlineAtMs === null ? 'nothing presses' : <Time ms={move.deadlineAtMs} />}</td><td>{move.risk}</td><td>{move.reasons.join('; ')}</td></tr>
        ))}
      </Table>
      <h2>Not moved ({plan.held.length})</h2>
      <Table caption="Not moved" heads={['Instance', 'Wanted', 'Why not']}>
        {plan.held.map(({ instanceId, name, wanted, reason }) => <tr key={instanceId}><td>{name}</td><td>{wanted ?? 'nothing'}</td><td>{reason}</td></tr>)}
      </Table>
    </>
  );
}
