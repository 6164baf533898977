import { Tab, TabList, TabPanel, TabProvider } from '@ariakit/react/tab';
import type { ReactNode } from 'react';
import type { FleetView } from '../../../console-api';
import { Empty, Loading, Notice } from '../parts/notice';
import { MigrationTable } from './migration-table';

/** Migrations that run, and the latest that ended. */
export function MovesPage({ fleet }: { readonly fleet: FleetView | null }): ReactNode {
  if (fleet === null) return <Loading what="the moves" />;
  const running = fleet.migrations.filter(({ endedAtMs }) => endedAtMs === null);
  const ended = fleet.migrations.filter(({ endedAtMs }) => endedAtMs !== null);
  return (
    <div className="page">
      <div className="page-head"><h1>Moves</h1></div>
      {fleet.trouble !== null && <Notice kind="bad">What is shown is old: {fleet.trouble}</Notice>}
      <TabProvider defaultSelectedId={running.length > 0 ? 'running' : 'ended'}>
        <TabList aria-label="Moves"><Tab id="running">Running ({running.length})</Tab><Tab id="ended">Ended ({ended.length})</Tab></TabList>
        <TabPanel tabId="running">{running.length === 0 ? <Empty title="Nothing moves.">A plan's moves begin by themselves when the queue lets them; <code>foreshift migrate INSTANCE</code> begins one at once.</Empty> : <MigrationTable caption="Running migrations" rows={running} />}</TabPanel>
        <TabPanel tabId="ended">{ended.length === 0 ? <Empty title="None ended yet." /> : <MigrationTable caption="Migrations that ended" rows={ended} ended />}</TabPanel>
      </TabProvider>
    </div>
  );
}
