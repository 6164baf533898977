import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ApprovalWanted } from '../../../domain/notifications/notification';
import { act, lookAtApproval, sentenceOf } from './api';
import { Loading, Notice } from './parts/notice';
import { Time } from './parts/time';
import { Logo } from './shell';

/** What a one-time link approves, and the button that does it: to open the link approves nothing. */
export function ApprovalPage({ secret }: { readonly secret: string }): ReactNode {
  const [wanted, setWanted] = useState<ApprovalWanted | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    lookAtApproval(secret).then(setWanted, (reason: unknown) => setError(sentenceOf(reason)));
  }, [secret]);
  const approve = () => act('/api/approval/approve', { secret }, null).then((answer) => setSaid(answer.said), (reason: unknown) => setError(sentenceOf(reason)));
  return (
    <main className="login">
      <div className="card">
        <div className="brand"><Logo /><h1>{wanted === null ? 'Approval' : titleOf(wanted)}</h1></div>
        {error !== null && <Notice kind="bad">{error}</Notice>}
        {said !== null && <Notice kind="good">Approved. It goes on now.</Notice>}
        {wanted === null && error === null && <Loading what="what waits" />}
        {wanted !== null && said === null && error === null && (
          <>
            <p>It waits until <Time ms={wanted.untilMs} /> UTC; then it is refused. Plan <code>{wanted.planHash.slice(0, 12)}</code>.</p>
            <button type="button" className="primary" onClick={() => void approve()}>Approve</button>
          </>
        )}
        <p className="small soft"><a href={hrefOf(wanted)} target="_blank" rel="noreferrer">Log in</a> to see why, what it would change and what it costs, to decline or to abort.</p>
      </div>
    </main>
  );
}

function titleOf({ subject }: ApprovalWanted): string {
  return subject.kind === 'plan' ? `Approve ${subject.planId}?` : `Approve the move of ${subject.instanceId}?`;
}

function hrefOf(wanted: ApprovalWanted | null): string {
  if (wanted === null) return '#/';
  return wanted.subject.kind === 'plan' ? `#/plan/${wanted.subject.planId}` : `#/migration/${wanted.subject.instanceId}`;
}
