import { Tab, TabList, TabPanel, TabProvider } from '@ariakit/react/tab';
import type { ReactNode } from 'react';
import type { HoldStatus } from '../../../../contracts/pre-allocate-capacity';
import type { ProvisionStatus } from '../../../../contracts/provision-replicas';
import type { FleetView, SessionInfo } from '../../../console-api';
import type { CapacityView, Linked } from '../../../capacity-api';
import { count, plural, usd } from '../format';
import { useRead } from '../hooks';
import { TemporalLink } from '../parts/icon';
import { Empty, Notice, ReadingState } from '../parts/notice';
import { Pill } from '../parts/pill';
import { Table } from '../parts/table';
import { Tiles } from '../parts/tiles';
import { Time } from '../parts/time';
import { ShapeSuggestions } from './shape-suggestions';

/** Capacity that is held or provided ahead of need, and shapes that would fit better. */
export function CapacityPage({ fleet, session }: { readonly fleet: FleetView | null; readonly session: SessionInfo }): ReactNode {
  const { value, error } = useRead<CapacityView>('/api/capacity', { everyMs: 5_000 });
  const held = value?.holds.flatMap(({ status }) => status.held) ?? [];
  return (
    <div className="page">
      <div className="page-head"><h1>Capacity</h1></div>
      <ReadingState error={error} loaded={value !== null} what="what is held" />
      {value?.silent.map((workflowId) => <Notice key={workflowId} kind="warn">{workflowId} does not answer: is a worker up?</Notice>)}
      {value !== null && (
        <>
          <Tiles
            tiles={[
              { title: 'Held for later', value: count(held.length), tone: held.length > 0 ? 'info' : 'idle', note: plural(value.holds.length, 'hold') },
              { title: 'Holding costs', value: `${usd(held.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0))}/h`, note: `${usd(value.holds.reduce((sum, { status }) => sum + status.report.holdUsd, 0))} so far` },
              { title: 'Handed over', value: count(value.holds.reduce((sum, { status }) => sum + status.handedOver.length, 0)), tone: 'good' },
              { title: 'Replicas', value: count(value.replicas.reduce((sum, { status }) => sum + status.replicas.length, 0)), note: plural(value.replicas.length, 'request') },
            ]}
          />
          <TabProvider defaultSelectedId="held">
            <TabList aria-label="Capacity"><Tab id="held">Held ({value.holds.length})</Tab><Tab id="replicas">Replicas ({value.replicas.length})</Tab><Tab id="shapes">Shapes</Tab></TabList>
            <TabPanel tabId="held">{value.holds.length === 0 ? <Empty title="Nothing is held."><code>foreshift capacity hold --pool SERVICE --window FROM/UNTIL</code> holds capacity before it is needed.</Empty> : value.holds.map((hold) => <Hold key={`${hold.status.pool} ${hold.status.window}`} hold={hold} />)}</TabPanel>
            <TabPanel tabId="replicas">{value.replicas.length === 0 ? <Empty title="No request for replicas is open."><code>foreshift provision -f request.json</code> makes one.</Empty> : value.replicas.map((one) => <Replicas key={one.status.requestId} request={one} />)}</TabPanel>
            <TabPanel tabId="shapes"><ShapeSuggestions fleets={fleetsOf(fleet)} session={session} /></TabPanel>
          </TabProvider>
        </>
      )}
    </div>
  );
}

function fleetsOf(fleet: FleetView | null): readonly string[] {
  return [...new Set((fleet?.plans ?? []).map((plan) => plan.fleet).filter((name) => name !== 'all'))];
}

function Hold({ hold: { status, temporalUrl } }: { readonly hold: Linked<HoldStatus> }): ReactNode {
  const { pool, window, phase, need, reserveAtMs, held, handedOver, report, refused, left, order } = status;
  return (
    <section className="card">
      <header><div className="title"><h2>{pool}</h2><Pill text={phase} tone="info" icon="clock" /></div><TemporalLink url={temporalUrl} /></header>
      <p className="soft">Window {window.replace('/', ' to ')}{reserveAtMs !== null && <>; reserves at <Time ms={reserveAtMs} /> UTC</>}. Cost {usd(report.holdUsd)} so far, {usd(report.premiumUsd)} of it for other than the best shape; {plural(report.refusalsAvoided, 'refusal')} avoided.</p>
      {left.map((line) => <Notice key={line} kind="bad">Left for an operator: {line}</Notice>)}
      {need !== null && need.why.length > 0 && <ul>{need.why.map((line) => <li key={line}>{line}</li>)}</ul>}
      {order !== null && <Notice kind="info">{order.count} x {order.shape} in {order.zone} ordered for <Time ms={order.startAtMs} /> UTC: {order.state}; {usd(order.commitmentUsd)} are committed.</Notice>}
      {held.length > 0 && (
        <Table caption={`Held for ${pool}`} heads={['Capacity', 'Shape', 'Zone', 'How', 'Since (UTC)', { number: 'USD/h' }]}>
          {held.map(({ id, shape, zone, rung, sinceMs, usdPerHour }) => <tr key={id}><td><code>{id}</code></td><td>{shape}</td><td>{zone}</td><td>{rung}</td><td><Time ms={sinceMs} /></td><td className="number">{usdPerHour.toFixed(4)}</td></tr>)}
        </Table>
      )}
      {handedOver.length > 0 && (
        <Table caption={`Handed over from ${pool}`} heads={['Capacity', 'To', 'At (UTC)', 'Without it']}>
          {handedOver.map(({ claimId, reservation, by, atMs, wouldHaveFailed }) => <tr key={claimId}><td><code>{reservation.id}</code></td><td>{by}</td><td><Time ms={atMs} /></td><td>{wouldHaveFailed === null ? 'not looked yet' : wouldHaveFailed ? 'would have been refused' : 'would have been had as well'}</td></tr>)}
        </Table>
      )}
      {refused.length > 0 && <details><summary>Refused lately ({refused.length})</summary><ul>{refused.map((line, i) => <li key={i}>{line}</li>)}</ul></details>}
    </section>
  );
}

function Replicas({ request: { status, temporalUrl } }: { readonly request: Linked<ProvisionStatus> }): ReactNode {
  const { requestId, phase, outcome, replicas, replacements, left } = status;
  return (
    <section className="card">
      <header><div className="title"><h2>{requestId}</h2><Pill text={outcome ?? phase} tone={outcome === null ? 'info' : 'good'} icon={outcome === null ? 'play' : 'check'} /></div><TemporalLink url={temporalUrl} /></header>
      {left.map((line) => <Notice key={line} kind="bad">Left for an operator: {line}</Notice>)}
      {replicas.length > 0 && (
        <Table caption={`Replicas of ${requestId}`} heads={['Instance', 'Shape', 'Zone', { number: 'USD/h' }]}>
          {replicas.map(({ instanceId, shape, zone, usdPerHour }) => <tr key={instanceId}><td><code>{instanceId}</code></td><td>{shape}</td><td>{zone}</td><td className="number">{usdPerHour.toFixed(4)}</td></tr>)}
        </Table>
      )}
      {replacements.map(({ lost, by, why }) => <p key={lost} className="small soft">{lost} was replaced by {by}: {why}</p>)}
    </section>
  );
}
