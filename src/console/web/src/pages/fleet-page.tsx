import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { FleetView } from '../../../console-api';
import type { InstancesView } from '../../../instance-api';
import { count, percent, plural, span } from '../format';
import { useNow, useRead } from '../hooks';
import { Empty, Loading, Notice, ReadingState } from '../parts/notice';
import { Tiles } from '../parts/tiles';
import { Time } from '../parts/time';
import { InstanceTable, standingOf, type MovesByInstance, type Standing } from './instance-table';
import { MigrationTable } from './migration-table';

const EVERY_MS = 15_000;
const STANDINGS: readonly { readonly standing: Standing | 'all'; readonly title: string }[] = [
  { standing: 'all', title: 'All instances' },
  { standing: 'runs out', title: 'Contention ahead' },
  { standing: 'moving', title: 'Moving now' },
  { standing: 'planned', title: 'A move is planned' },
  { standing: 'no forecast', title: 'Without a forecast' },
];

/** The fleet now and ahead, and what moves in it. */
export function FleetPage({ fleet }: { readonly fleet: FleetView | null }): ReactNode {
  // A new plan is a new look at the fleet.
  const { value, error } = useRead<InstancesView>('/api/instances', { version: fleet?.plans[0]?.planId, everyMs: EVERY_MS });
  const migrations = fleet?.migrations;
  const moves = useMemo(() => newestMoves(migrations ?? []), [migrations]);
  if (fleet === null) return <Loading what="the fleet" />;
  const running = fleet.migrations.filter(({ endedAtMs }) => endedAtMs === null);
  return (
    <div className="page">
      <div className="page-head"><h1>Fleet</h1></div>
      {fleet.trouble !== null && <Notice kind="bad">What is shown is old: {fleet.trouble}</Notice>}
      {fleet.plans.filter(({ awaitsUntilMs }) => awaitsUntilMs !== null).map(({ planId, moves: count, awaitsUntilMs }) => <Notice key={planId} kind="warn"><a href={`#/plan/${planId}`}>{planId}</a> with {plural(count, 'move')} waits for approval until <Time ms={awaitsUntilMs ?? 0} /> UTC.</Notice>)}
      <Overview fleet={fleet} view={value} moves={moves} />
      {running.length > 0 && (
        <section className="card">
          <header><h2>Moving now ({running.length})</h2><a href="#/moves">All moves</a></header>
          <MigrationTable caption="Running migrations" rows={running} />
        </section>
      )}
      <section className="card">
        <Instances view={value} error={error} moves={moves} />
      </section>
    </div>
  );
}

/** Running ones come first, then the latest that ended. */
function newestMoves(migrations: FleetView['migrations']): MovesByInstance {
  return new Map(migrations.toReversed().map((one) => [one.instanceId, one]));
}

function Overview({ fleet, view, moves }: { readonly fleet: FleetView; readonly view: InstancesView | null; readonly moves: MovesByInstance }): ReactNode {
  const nowMs = useNow(10_000);
  const running = fleet.migrations.filter(({ endedAtMs }) => endedAtMs === null);
  const waiting = running.filter(({ status }) => status?.awaitingApproval != null).length;
  const stuck = fleet.migrations.filter(({ outcome }) => outcome === 'NeedsOperator').length;
  const risky = view?.rows.filter((row) => standingOf(row, moves) === 'runs out' || (row.planned !== null && (row.overloadMinutes ?? 0) >= 1)) ?? [];
  const first = Math.min(...risky.map(({ runsOutAtMs }) => runsOutAtMs ?? Infinity));
  return (
    <Tiles
      tiles={[
        { title: 'Instances', value: view === null ? '-' : count(view.rows.length), note: view?.atMs == null ? 'no tick yet' : `looked at ${span(nowMs - view.atMs)} ago` },
        { title: 'Contention ahead', value: view === null ? '-' : count(risky.length), tone: risky.length > 0 ? 'warn' : 'good', note: Number.isFinite(first) ? `the first ${first > nowMs ? `in ${span(first - nowMs)}` : 'now'}` : view === null ? '' : `within ${span(view.horizonMs)}` },
        { title: 'Moving now', value: count(running.length), tone: running.length > 0 ? 'info' : 'idle', note: waiting === 0 ? 'none waits for approval' : `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for approval` },
        { title: 'Needs an operator', value: count(stuck), tone: stuck > 0 ? 'bad' : 'good', note: 'of the latest that ended' },
      ]}
    />
  );
}

function Instances({ view, error, moves }: { readonly view: InstancesView | null; readonly error: string | null; readonly moves: MovesByInstance }): ReactNode {
  const [words, setWords] = useState('');
  const [standing, setStanding] = useState<Standing | 'all'>('all');
  const rows = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    return (view?.rows ?? []).filter((row) => (standing === 'all' || standingOf(row, moves) === standing) && (wanted === '' || `${row.name} ${row.instanceId} ${row.service} ${row.fleet} ${row.poolId} ${row.shape}`.toLowerCase().includes(wanted)));
    // Who moves changes every second, and matters to the choice alone.
  }, [view, standing === 'all' ? null : moves, words, standing]);
  return (
    <>
      <header>
        <h2>Instances, now and ahead</h2>
        <div className="row end">
          <label>Show<select value={standing} onChange={(event) => setStanding(event.target.value as Standing | 'all')}>{STANDINGS.map((one) => <option key={one.standing} value={one.standing}>{one.title}</option>)}</select></label>
          <label>Find<input type="search" value={words} onChange={(event) => setWords(event.target.value)} placeholder="name, service, pool ..." /></label>
        </div>
      </header>
      {view !== null && view.rows.length > 0 && <p className="small soft">CPU ahead: the {percent(view.quantile * 100)} quantile of the peak within {span(view.horizonMs)}. The tick on a bar is the limit of {percent(view.cpuLimitPercent)}; overload is what is expected where the instance stays.</p>}
      <ReadingState error={error} loaded={view !== null} what="the instances" />
      {view !== null && (view.rows.length === 0
        ? <Empty title="No tick has looked at the fleet yet."><code>foreshift plan</code> forecasts every instance with the tag <code>foreshift:fleet</code>, and plans; <code>foreshift plan --every 5m</code> does it again and again.</Empty>
        : rows.length === 0 ? <Empty title="No instance is so.">{count(view.rows.length)} are in the fleet.</Empty> : <InstanceTable view={view} rows={rows} moves={moves} />)}
    </>
  );
}
