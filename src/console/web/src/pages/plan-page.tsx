import { useState } from 'react';
import type { ReactNode } from 'react';
import type { HeldInstance } from '../../../../domain/fleet-plan/fleet-plan';
import { mayDo } from '../../../../domain/roles';
import type { SessionInfo } from '../../../console-api';
import type { PlanDetail } from '../../../plan-api';
import { act } from '../api';
import { count, plural, span, usd } from '../format';
import { useRead } from '../hooks';
import { ActDialog } from '../parts/act-dialog';
import { TemporalLink } from '../parts/icon';
import { Empty, Notice, ReadingState } from '../parts/notice';
import { Pill } from '../parts/pill';
import { Tiles } from '../parts/tiles';
import { Time } from '../parts/time';
import { useSaid } from '../parts/use-said';
import { VirtualTable, type Column } from '../parts/virtual-table';
import { PlanMoves } from './plan-moves';

const HELD: readonly Column<HeldInstance>[] = [
  { head: 'Instance', width: 200, by: ({ name }) => name, cell: ({ name, instanceId }) => <><a href={`#/instance/${instanceId}`}>{name}</a><span className="sub">{instanceId}</span></> },
  { head: 'Wanted', width: 110, by: ({ wanted }) => wanted, cell: ({ wanted }) => wanted ?? 'nothing' },
  { head: 'Why it is not moved', width: 700, cell: ({ reason }) => <span title={reason}>{reason}</span> },
];

/** A plan before it is carried out: what moves, what it costs, what staying would cost; and the word of who may decide. */
export function PlanPage({ planId, session }: { readonly planId: string; readonly session: SessionInfo }): ReactNode {
  const [decided, setDecided] = useState(0);
  const path = `/api/plans/${encodeURIComponent(planId)}`;
  const { value, error } = useRead<PlanDetail>(path, { version: decided, everyMs: 10_000 });
  const { said, tell } = useSaid();
  if (value === null) return <ReadingState error={error} loaded={false} what={planId} />;
  const { plan, planHash, atMs, mode, awaitsUntilMs, temporalUrl, fleet } = value;
  const decide = (work: Promise<{ readonly said: string }>) => tell(work.finally(() => setDecided((before) => before + 1)));
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <div className="title"><h1>{planId}</h1>{awaitsUntilMs !== null && <Pill text="waits for approval" tone="warn" icon="clock" />}</div>
          <p className="soft">Made <Time ms={atMs} /> UTC for {fleet === 'all' ? 'all fleets' : `fleet ${fleet}`}, mode {mode}. Hash <code>{planHash.slice(0, 12)}</code></p>
        </div>
        <div className="row">
          {awaitsUntilMs !== null && mayDo(session.role, 'approver') && (
            <>
              <ActDialog button="Approve" title={`Approve ${planId}?`} confirm="Approve this plan" look="primary" onConfirm={() => decide(act(`${path}/approve`, { planHash }, session))}>
                <p>{plural(plan.moves.length, 'move')} {plan.moves.length === 1 ? 'goes' : 'go'} into the queue, which holds to budgets, windows and freezes. Moving costs {usd(plan.costUsd)}, the gain is {usd(plan.savesUsd)}.</p>
              </ActDialog>
              <ActDialog button="Decline" title={`Decline ${planId}?`} confirm="Decline this plan" look="danger" withReason onConfirm={(reason) => decide(act(`${path}/decline`, { reason }, session))}>
                <p>None of its moves that wait is carried out. The next tick plans anew.</p>
              </ActDialog>
            </>
          )}
          <TemporalLink url={temporalUrl} />
        </div>
      </div>
      {said}
      <ReadingState error={error} loaded what={planId} />
      {awaitsUntilMs !== null && <Notice kind="warn">Waits until <Time ms={awaitsUntilMs} /> UTC for somebody with the role approver; after that it lapses.</Notice>}
      <Tiles
        tiles={[
          { title: 'Moves', value: count(plan.moves.length), note: `of ${count(plan.moves.length + plan.held.length)} instances`, tone: 'info' },
          { title: 'Overload averted', value: span(plan.avoidedMinutes * 60_000), tone: 'good', note: 'expected minutes, added up' },
          { title: 'Moving costs', value: usd(plan.costUsd) },
          { title: 'Gain', value: usd(plan.savesUsd), tone: 'good', note: `price and overload over ${span(value.horizonMs)}` },
        ]}
      />
      <section className="card"><header><h2>Moves, most urgent first</h2></header>{plan.moves.length === 0 ? <Empty title="Nothing is to be moved.">Why each instance stays is told below.</Empty> : <PlanMoves detail={value} />}</section>
      <section className="card"><header><h2>Not moved ({count(plan.held.length)})</h2></header>{plan.held.length === 0 ? <Empty title="Every instance is moved." /> : <VirtualTable caption="Not moved" rows={plan.held} columns={HELD} keyOf={({ instanceId }) => instanceId} />}</section>
    </div>
  );
}
