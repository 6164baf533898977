import { useState } from 'react';
import type { ReactNode } from 'react';
import { mayDo } from '../../../../domain/roles';
import type { SessionInfo } from '../../../console-api';
import type { SuggestionsView } from '../../../capacity-api';
import { percent, usd } from '../format';
import { useRead } from '../hooks';
import { Empty, Notice, ReadingState } from '../parts/notice';
import { Table } from '../parts/table';
import { Tiles } from '../parts/tiles';

/** Shapes made for what a fleet asked for in two weeks: asked for, as it reads CloudWatch. */
export function ShapeSuggestions({ fleets, session }: { readonly fleets: readonly string[]; readonly session: SessionInfo }): ReactNode {
  const [fleet, setFleet] = useState<string | null>(null);
  const { value, error } = useRead<SuggestionsView>(fleet === null ? null : `/api/shapes?fleet=${encodeURIComponent(fleet)}`);
  if (!mayDo(session.role, 'operator')) return <Empty title="This takes the role operator.">It reads two weeks of every instance from CloudWatch, which costs money.</Empty>;
  return (
    <>
      <form className="row end" onSubmit={(event) => { event.preventDefault(); const name = new FormData(event.currentTarget).get('fleet'); if (typeof name === 'string') setFleet(name); }}>
        <label>Fleet<input name="fleet" required defaultValue={fleets[0] ?? ''} list="fleets" /></label>
        <datalist id="fleets">{fleets.map((name) => <option key={name} value={name} />)}</datalist>
        <button type="submit" className="primary">Suggest shapes</button>
        <span className="small soft">Reads two weeks of every instance of the fleet from CloudWatch.</span>
      </form>
      {fleet !== null && <ReadingState error={error} loaded={value !== null} what={`two weeks of fleet ${fleet}`} />}
      {value !== null && <Suggestions view={value} />}
    </>
  );
}

function Suggestions({ view: { shapes, left, notes } }: { readonly view: SuggestionsView }): ReactNode {
  const before = shapes.reduce((sum, { usdPerHourBefore }) => sum + usdPerHourBefore, 0);
  const after = shapes.reduce((sum, { usdPerHourAfter }) => sum + usdPerHourAfter, 0);
  return (
    <>
      <Tiles tiles={[{ title: 'Now', value: `${usd(before)}/h` }, { title: 'With these shapes', value: `${usd(after)}/h`, tone: after < before ? 'good' : 'idle', note: before === 0 ? '' : percent((after / before - 1) * 100) }]} />
      {shapes.length === 0 ? <Empty title="Nothing fits better than what there is." /> : (
        <Table caption="Suggested shapes" heads={['Shape', 'Instances', { number: 'Now, USD/h' }, { number: 'Then, USD/h' }, 'For', 'Why']}>
          {shapes.map(({ shape, members, usdPerHourBefore, usdPerHourAfter }) => (
            <tr key={shape.name}><td>{shape.name}<span className="sub">version {shape.version}</span></td><td>{shape.count} x {shape.instanceType}</td><td className="number">{usdPerHourBefore.toFixed(4)}</td><td className="number">{usdPerHourAfter.toFixed(4)}</td><td>{members.join(', ')}</td><td><ul>{shape.why.map((line) => <li key={line}>{line}</li>)}</ul></td></tr>
          ))}
        </Table>
      )}
      {left.map(({ id, reason }) => <Notice key={id} kind="info">{id} stays: {reason}</Notice>)}
      {notes.map((note) => <p key={note} className="small soft">{note}</p>)}
    </>
  );
}
