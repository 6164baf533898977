import type { ReactNode } from 'react';
import type { QueueStatus, QueuedStatus } from '../../../../contracts/migration-queue';
import type { RunningMove, EndedItem, ItemOutcome } from '../../../../domain/queue/queue-state';
import type { Linked, QueuesView } from '../../../capacity-api';
import { count, fromNow, span, usd } from '../format';
import { useNow, useRead } from '../hooks';
import { TemporalLink } from '../parts/icon';
import { Empty, Notice, ReadingState } from '../parts/notice';
import { Pill, type StateLook } from '../parts/pill';
import { Tiles } from '../parts/tiles';
import { Time } from '../parts/time';
import { VirtualTable, type Column } from '../parts/virtual-table';

const EVERY_MS = 4_000;

/** What waits, what runs, and what holds each. */
export function QueuePage(): ReactNode {
  const { value, error } = useRead<QueuesView>('/api/queues', { everyMs: EVERY_MS });
  return (
    <div className="page">
      <div className="page-head"><h1>Queue</h1></div>
      <ReadingState error={error} loaded={value !== null} what="the queues" />
      {value?.silent.map((workflowId) => <Notice key={workflowId} kind="warn">{workflowId} does not answer: is a worker up?</Notice>)}
      {value !== null && value.queues.length === 0 && value.silent.length === 0 && <Empty title="No fleet has a queue yet.">The first move that a plan or an operator asks for makes one.</Empty>}
      {value?.queues.map((queue) => <Queue key={queue.status.fleet} queue={queue} />)}
    </div>
  );
}

function Queue({ queue: { status, temporalUrl } }: { readonly queue: Linked<QueueStatus> }): ReactNode {
  const { fleet, counts, policy, paused, breaker, freezes, running, queued, ended } = status;
  const nowMs = useNow(10_000);
  const begun = ended.filter(({ startedAtMs }) => startedAtMs !== null && startedAtMs > nowMs - 3_600_000).length + running.filter(({ startedAtMs }) => startedAtMs > nowMs - 3_600_000).length;
  const spent = ended.filter(({ endedAtMs }) => endedAtMs > nowMs - 86_400_000).reduce((sum, { costUsd }) => sum + costUsd, 0);
  return (
    <section className="card">
      <header><h2>Fleet {fleet}</h2><TemporalLink url={temporalUrl} /></header>
      {breaker !== null && <Notice kind="bad">No move begins, the breaker is open: {breaker}. <code>foreshift queue resume --fleet {fleet}</code> closes it.</Notice>}
      {paused !== null && <Notice kind="warn">Paused: {paused.reason}{paused.holdRunning && '; moves that run hold at their next safe point'}</Notice>}
      {freezes.map(({ fromMs, untilMs, reason }) => <Notice key={`${fromMs}${reason}`} kind="warn">Frozen from <Time ms={fromMs} /> until <Time ms={untilMs} /> UTC: {reason}</Notice>)}
      <Tiles
        tiles={[
          { title: 'Running', value: `${counts.running} of ${policy.maxConcurrent.fleet}`, tone: counts.running > 0 ? 'info' : 'idle', note: `${policy.maxConcurrent.pool} a pool, ${policy.maxConcurrent.service} a service` },
          { title: 'Waiting', value: count(counts.queued), tone: counts.queued > 0 ? 'warn' : 'idle' },
          { title: 'Begun in this hour', value: `${begun} of ${policy.maxMovesPerHour}` },
          { title: 'Spent in a day', value: usd(spent), note: `of ${usd(policy.maxCostUsdPerDay)}` },
        ]}
      />
      <h3>Running</h3>
      {running.length === 0 ? <p className="soft">Nothing.</p> : <VirtualTable caption={`Running in ${fleet}`} rows={running} columns={RUNNING} keyOf={({ request }) => request.itemId} />}
      <h3>Waiting, highest priority first{counts.queued > queued.length && ` (${queued.length} of ${count(counts.queued)})`}</h3>
      {queued.length === 0 ? <p className="soft">Nothing.</p> : <VirtualTable caption={`Waiting in ${fleet}`} rows={queued} columns={waiting(nowMs)} keyOf={({ request }) => request.itemId} />}
      <h3>Ended, the last first</h3>
      {ended.length === 0 ? <p className="soft">Nothing.</p> : <VirtualTable caption={`Ended in ${fleet}`} rows={ended} columns={ENDED} keyOf={({ itemId }) => itemId} />}
    </section>
  );
}

const RUNNING: readonly Column<RunningMove>[] = [
  { head: 'Instance', width: 200, by: ({ request }) => request.name, cell: ({ request }) => <><a href={`#/migration/${request.instanceId}`}>{request.name}</a><span className="sub">{request.instanceId}</span></> },
  { head: 'Phase', width: 120, cell: ({ phase }) => phase ?? 'begins' },
  { head: 'Pace', width: 100, cell: ({ pace, held }) => (held ? 'held' : pace) },
  { head: 'Since', width: 110, by: ({ startedAtMs }) => startedAtMs, cell: ({ startedAtMs }) => <Time ms={startedAtMs} /> },
  { head: 'Why', width: 420, cell: ({ aborting, request }) => <span title={aborting ?? request.reason}>{aborting === null ? request.reason : `goes back: ${aborting}`}</span> },
];

function waiting(nowMs: number): readonly Column<QueuedStatus>[] {
  return [
    { head: 'Instance', width: 200, by: ({ request }) => request.name, cell: ({ request }) => <><a href={`#/instance/${request.instanceId}`}>{request.name}</a><span className="sub">{request.instanceId}</span></> },
    { head: 'Priority', width: 100, number: true, by: ({ priority }) => priority, cell: ({ priority }) => priority.toPrecision(3) },
    { head: 'Held because', width: 380, cell: ({ heldBecause }) => <span title={heldBecause ?? undefined}>{heldBecause ?? 'begins next'}</span> },
    { head: 'Needed', width: 140, by: ({ request }) => request.deadlineAtMs, cell: ({ request }) => (request.deadlineAtMs === null ? '-' : fromNow(request.deadlineAtMs, nowMs)) },
    { head: 'Waits for', width: 110, by: ({ enqueuedAtMs }) => enqueuedAtMs, cell: ({ enqueuedAtMs }) => span(Math.max(0, nowMs - enqueuedAtMs)) },
    { head: 'Asked by', width: 130, cell: ({ request }) => request.requestedBy },
  ];
}

const OUTCOMES: Readonly<Record<ItemOutcome, StateLook>> = {
  moved: { text: 'moved', tone: 'good', icon: 'check' },
  failed: { text: 'failed', tone: 'bad', icon: 'cross' },
  aborted: { text: 'aborted', tone: 'warn', icon: 'back' },
  refused: { text: 'refused', tone: 'idle', icon: 'stop' },
  stale: { text: 'no longer needed', tone: 'idle', icon: 'clock' },
  cancelled: { text: 'cancelled', tone: 'idle', icon: 'stop' },
  expired: { text: 'expired', tone: 'warn', icon: 'clock' },
};

const ENDED: readonly Column<EndedItem>[] = [
  { head: 'Instance', width: 200, cell: ({ instanceId }) => <a href={`#/migration/${instanceId}`}>{instanceId}</a> },
  { head: 'Outcome', width: 160, by: ({ outcome }) => outcome, cell: ({ outcome }) => <Pill {...OUTCOMES[outcome]} /> },
  { head: 'Ended (UTC)', width: 170, by: ({ endedAtMs }) => endedAtMs, cell: ({ endedAtMs }) => <Time ms={endedAtMs} /> },
  { head: 'Why', width: 480, cell: ({ reason }) => <span title={reason}>{reason === '' ? '-' : reason}</span> },
];
