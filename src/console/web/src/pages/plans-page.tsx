import type { ReactNode } from 'react';
import type { FleetView } from '../../../console-api';
import { Empty, Loading } from '../parts/notice';
import { Pill } from '../parts/pill';
import { Table } from '../parts/table';
import { Time } from '../parts/time';

/** The latest plans. */
export function PlansPage({ fleet }: { readonly fleet: FleetView | null }): ReactNode {
  if (fleet === null) return <Loading what="the plans" />;
  return (
    <div className="page">
      <div className="page-head"><h1>Plans</h1></div>
      {fleet.plans.length === 0 ? <Empty title="There is no plan yet."><code>foreshift plan</code> makes one; <code>--mode propose</code> has it wait here for approval.</Empty> : (
        <Table caption="Latest plans" heads={['Plan', 'Made (UTC)', 'Fleet', 'Mode', 'State', { number: 'Moves' }, { number: 'Instances' }]}>
          {fleet.plans.map(({ planId, atMs, fleet: of, mode, moves, instances, awaitsUntilMs }) => (
            <tr key={planId}><td><a href={`#/plan/${planId}`}>{planId}</a></td><td><Time ms={atMs} /></td><td>{of}</td><td>{mode}</td><td>{awaitsUntilMs === null ? <span className="soft">-</span> : <Pill text="waits for approval" tone="warn" icon="clock" />}</td><td className="number">{moves}</td><td className="number">{instances}</td></tr>
          ))}
        </Table>
      )}
    </div>
  );
}
