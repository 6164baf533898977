import type { ReactNode } from 'react';
import { mayDo } from '../../../../../domain/roles';
import type { MigrationRow, SessionInfo } from '../../../../console-api';
import type { MigrationPlan } from '../../../../../domain/migration-plan';
import { act } from '../../api';
import { usd } from '../../format';
import { ActDialog } from '../../parts/act-dialog';
import { Time } from '../../parts/time';

interface MigrationActionsProps {
  readonly migration: MigrationRow;
  readonly plan: MigrationPlan | null;
  readonly session: SessionInfo;
  readonly tell: (work: Promise<{ readonly said: string }>) => void;
}

/** What may be said to a migration that runs, by the role of who is logged in. */
export function MigrationActions({ migration: { instanceId, status, endedAtMs }, plan, session, tell }: MigrationActionsProps): ReactNode {
  if (endedAtMs !== null) return null;
  const path = `/api/migrations/${encodeURIComponent(instanceId)}`;
  const awaited = status?.awaitingApproval ?? null;
  return (
    <>
      {awaited !== null && mayDo(session.role, 'approver') && (
        <ActDialog button="Approve" title={`Approve the move of ${instanceId}?`} confirm="Approve this move" look="primary" onConfirm={() => tell(act(`${path}/approve`, { planHash: awaited.planHash }, session))}>
          <p>It waits until <Time ms={awaited.untilMs} /> UTC. Plan <code>{awaited.planHash.slice(0, 12)}</code>.</p>
          {plan !== null && <ul>{[...plan.creates, ...plan.changes, ...plan.terminates.map((line) => `terminates ${line}, once the replacement has proved itself`)].map((line) => <li key={line}>{line}</li>)}<li>both run for a while: {usd(plan.cost.doubleRunningUsd)}</li></ul>}
        </ActDialog>
      )}
      {mayDo(session.role, 'operator') && status?.aborting == null && (
        <ActDialog button="Abort" title={`Abort the move of ${instanceId}?`} confirm="Abort, and go back" look="danger" withReason onConfirm={(reason) => tell(act(`${path}/abort`, { reason }, session))}>
          {status !== null && status.undo.length > 0 ? <><p>It goes back, in this order:</p><ol>{status.undo.map((line) => <li key={line}>{line}</li>)}</ol></> : <p>Nothing was changed yet: it ends, and everything stays as it is.</p>}
        </ActDialog>
      )}
    </>
  );
}
