import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { FleetView, MigrationRow, SessionInfo } from '../../../../console-api';
import { bytes, percent, span } from '../../format';
import { TemporalLink } from '../../parts/icon';
import { lookOf } from '../../parts/migration-look';
import { Notice, ReadingState } from '../../parts/notice';
import { Pill } from '../../parts/pill';
import { Records } from '../../parts/records';
import { Tiles } from '../../parts/tiles';
import { useSaid } from '../../parts/use-said';
import { ContentionCard } from './contention-card';
import { JudgeTable } from './judge-table';
import { LagChart, WeightChart } from './migration-charts';
import { MigrationActions } from './migration-actions';
import { PlanCard } from './plan-card';
import { storyOf } from './story-of-records';
import { PhaseSteps, Timeline } from './timeline';
import { useMigration } from './use-migration';

/** One migration: why, how far, on which evidence, what a rollback would undo; and what may be said to it. */
export function MigrationPage({ instanceId, fleet, session }: { readonly instanceId: string; readonly fleet: FleetView | null; readonly session: SessionInfo }): ReactNode {
  const live = fleet?.migrations.find((one) => one.instanceId === instanceId);
  const { migration, records, lags, error } = useMigration(instanceId, live === undefined ? '' : JSON.stringify(live));
  const { said, tell } = useSaid();
  const story = useMemo(() => storyOf(records, migration?.runId ?? ''), [records, migration?.runId]);
  if (migration === null) return <ReadingState error={error} loaded={false} what={`the move of ${instanceId}`} />;
  const { status, temporalUrl, workflowId, endedAtMs } = migration;
  const phases = status?.phases ?? story.phases;
  const lagSamples = [...story.lags, ...lags.map(({ atMs, bytes: value }) => ({ atMs, value }))].sort((a, b) => a.atMs - b.atMs);
  const left = status?.left ?? story.left;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <div className="title"><h1>Move of {instanceId}</h1><Pill {...lookOf(migration)} /></div>
          <p className="soft">{story.plan === null ? workflowId : `${story.plan.from.shape} in ${story.plan.from.zone} → ${status?.reservation?.shape ?? story.plan.rungs[0]?.shape ?? '?'} in ${status?.reservation?.zone ?? story.plan.rungs[0]?.zone ?? '?'}`}</p>
        </div>
        <div className="row">
          <MigrationActions migration={migration} plan={story.plan} session={session} tell={tell} />
          <a className="button" href={`#/instance/${instanceId}`}>Forecast</a>
          <a className="button" href={`/api/audit/export?workflowId=${encodeURIComponent(workflowId)}`}>Export its history</a>
          <TemporalLink url={temporalUrl} />
        </div>
      </div>
      {said}
      <ReadingState error={error} loaded what={instanceId} />
      {left.map((line) => <Notice key={line} kind="bad">Left for an operator: {line}</Notice>)}
      {endedAtMs !== null && story.outcomeReasons.length > 0 && <Notice kind={migration.outcome === 'Completed' ? 'good' : 'warn'}><strong>Why it ended so: </strong>{story.outcomeReasons.join('; ')}</Notice>}
      <section className="card"><PhaseSteps phases={phases} /><Now migration={migration} /></section>
      <div className="split">
        <section className="card"><header><h2>Timeline</h2></header>{phases.length === 0 ? <p className="soft">Its phases are told once it has ended, or once a worker answers.</p> : <Timeline phases={phases} />}</section>
        <section className="card">
          <header><h2>Why it moves</h2></header>
          {story.plan === null ? <p className="soft">Nothing was decided yet.</p> : <ul>{story.plan.why.slice(0, 1).map((line) => <li key={line}>{line}</li>)}{story.plan.why.slice(1).filter((line) => !line.includes('passes its limit')).map((line) => <li key={line}>{line}</li>)}</ul>}
          {story.assessment !== null && story.assessment.metrics.length > 0 && <ContentionCard assessment={story.assessment} />}
        </section>
      </div>
      {(story.weights.length > 0 || lagSamples.length > 0) && (
        <div className="split">
          {story.weights.length > 0 && <WeightChart weights={story.weights} untilMs={endedAtMs ?? records.at(-1)?.atMs ?? 0} />}
          {lagSamples.length > 0 && <LagChart lags={lagSamples} />}
        </div>
      )}
      {story.judge.length > 0 && <section className="card"><header><h2>What the judge saw</h2></header><JudgeTable lines={story.judge} /></section>}
      {story.plan !== null && <PlanCard plan={story.plan} />}
      {status !== null && status.undo.length > 0 && <section className="card"><header><h2>A rollback would now, in this order</h2></header><ol>{status.undo.map((line) => <li key={line}>{line}</li>)}</ol></section>}
      <section className="card"><header><h2>What was done, and why ({records.length} records)</h2></header><Records caption="Audit of this migration" records={records} /></section>
    </div>
  );
}

function Now({ migration: { status, startedAtMs, endedAtMs } }: { readonly migration: MigrationRow }): ReactNode {
  if (status === null || endedAtMs !== null) return endedAtMs === null ? null : <p className="soft">It took {span(endedAtMs - startedAtMs)}.</p>;
  return (
    <>
      <p className="hidden" role="status">Phase {status.phase}, the shadow takes {percent(status.shadowPercent)} of the traffic</p>
      <Tiles
        tiles={[
          { title: 'Phase', value: status.phase, tone: 'info' },
          { title: 'Shadow\'s share', value: percent(status.shadowPercent), note: status.shadowId ?? 'no shadow yet' },
          { title: 'Sync lag', value: status.sync?.lagBytes == null ? '-' : bytes(status.sync.lagBytes), ...(status.sync === null ? {} : { note: status.sync.why }) },
          { title: 'Judge', value: status.lastVerdict === null ? '-' : (/: (\w+),/.exec(status.lastVerdict)?.[1] ?? 'looks'), ...(status.lastVerdict === null ? {} : { note: status.lastVerdict.split(':')[0] ?? '' }) },
        ]}
      />
    </>
  );
}
