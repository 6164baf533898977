import type { ReactNode } from 'react';
import type { AuditRecord } from '../../../contracts/audit';
import { Table, Time } from './parts';

/** Records of the audit, each with its reason and its evidence to unfold. */
export function Records({ caption, records }: { readonly caption: string; readonly records: readonly AuditRecord[] }): ReactNode {
  if (records.length === 0) return <p>There is no record.</p>;
  return (
    <Table caption={caption} heads={['Number', 'Time', 'Kind', 'By', 'What, and why']}>
      {records.map(({ seq, atMs, kind, actor, summary, reason, detail }) => (
        <tr key={seq}>
          <td className="number">{seq}</td><td><Time ms={atMs} /></td><td>{kind}</td><td>{actor}</td>
          <td>{summary}{reason !== null && <div className="soft">{reason}</div>}
            {detail !== null && <details><summary>Evidence of {seq}</summary><pre tabIndex={0}>{JSON.stringify(detail, null, 2)}</pre></details>}</td>
        </tr>
      ))}
    </Table>
  );
}
