import type { ReactNode } from 'react';
import type { MigrationPlan } from '../../../../../domain/migration-plan';
import { span, usd } from '../../format';
import { Table } from '../../parts/table';

/** What the migration does, what it costs, and the places that it would try. */
export function PlanCard({ plan: { from, rungs, cost, creates, changes, terminates, sync } }: { readonly plan: MigrationPlan }): ReactNode {
  return (
    <section className="card">
      <header><h2>Plan</h2><span className="soft">state by {sync}</span></header>
      <dl className="facts">
        <dt>From</dt><dd>{from.shape} in {from.zone}, {usd(from.usdPerHour)}/h</dd>
        <dt>To</dt><dd>{rungs[0] === undefined ? 'nowhere' : `${rungs[0].shape} in ${rungs[0].zone}, ${usd(cost.hourlyAfterUsd)}/h`}</dd>
        <dt>Both run for</dt><dd>{span(cost.doubleRunningMs)}, {usd(cost.doubleRunningUsd)}</dd>
        <Lines title="Creates" lines={creates} />
        <Lines title="Changes" lines={changes} />
        <Lines title="Terminates" lines={terminates} />
      </dl>
      {rungs.length > 0 && (
        <Table caption="Places that it tries, in this order" heads={[{ number: 'No.' }, 'Shape', 'Zone', { number: 'USD/h' }, 'Why']}>
          {rungs.map(({ shape, zone, usdPerHour, why }, i) => <tr key={i}><td className="number">{i + 1}</td><td>{shape}</td><td>{zone}</td><td className="number">{usdPerHour.toFixed(4)}</td><td>{why}</td></tr>)}
        </Table>
      )}
    </section>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): ReactNode {
  if (lines.length === 0) return null;
  return <><dt>{title}</dt><dd>{lines.map((line) => <div key={line}>{line}</div>)}</dd></>;
}
