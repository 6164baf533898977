import { useState } from 'react';
import type { ReactNode } from 'react';
import type { AuditRecord } from '../../../../contracts/audit';
import { Facts } from './facts';
import { Empty } from './notice';
import { Pill, type StateLook } from './pill';
import { Table } from './table';
import { Time } from './time';

const SHOWN_AT_ONCE = 100;

const LOOKS: Readonly<Record<string, StateLook>> = {
  failure: { text: 'failure', tone: 'bad', icon: 'cross' },
  refusal: { text: 'refusal', tone: 'warn', icon: 'stop' },
  undo: { text: 'undo', tone: 'warn', icon: 'back' },
  approval: { text: 'approval', tone: 'good', icon: 'check' },
  outcome: { text: 'outcome', tone: 'info', icon: 'info' },
  decision: { text: 'decision', tone: 'info', icon: 'play' },
};

interface RecordsProps {
  readonly caption: string;
  /** Oldest first. */
  readonly records: readonly AuditRecord[];
  /** Tells what each record is about: where they are of many things. */
  readonly withSubject?: boolean;
  readonly newestFirst?: boolean;
}

/** Records of the audit, each with its reason and its evidence to unfold; the newest part of a long list, and more on demand. */
export function Records({ caption, records, withSubject = false, newestFirst = false }: RecordsProps): ReactNode {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  if (records.length === 0) return <Empty title="There is no record.">Nothing that was written down passes this search.</Empty>;
  const hidden = Math.max(0, records.length - shown);
  const newest = records.slice(hidden);
  const earlier = hidden > 0 && <div><button type="button" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>Show earlier records ({hidden} more)</button></div>;
  return (
    <>
      {!newestFirst && earlier}
      <Table caption={caption} heads={[{ number: 'No.' }, 'Time (UTC)', 'Kind', 'By', 'What, and why']} className="records">
        {(newestFirst ? newest.toReversed() : newest).map(({ seq, atMs, kind, actor, summary, reason, detail, instanceId, workflowId }) => (
          <tr key={seq}>
            <td className="number">{seq}</td><td><Time ms={atMs} /></td><td><Pill {...(LOOKS[kind] ?? { text: kind, tone: 'idle', icon: 'stop' })} /></td><td>{actor}</td>
            <td>
              {summary}
              {withSubject && <span className="sub">{instanceId === null ? workflowId : <a href={`#/migration/${instanceId}`}>{instanceId}</a>}</span>}
              {reason !== null && reason !== summary && !summary.endsWith(reason) && <span className="sub">{reason}</span>}
              {detail !== null && <Evidence seq={seq} detail={detail} />}
            </td>
          </tr>
        ))}
      </Table>
      {newestFirst && earlier}
    </>
  );
}

/** Built only once it is unfolded: a page has hundreds. */
function Evidence({ seq, detail }: { readonly seq: number; readonly detail: unknown }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Evidence of {seq}</summary>
      {open && <><Facts value={detail} /><details><summary>As JSON</summary><pre tabIndex={0}>{JSON.stringify(detail, null, 2)}</pre></details></>}
    </details>
  );
}
