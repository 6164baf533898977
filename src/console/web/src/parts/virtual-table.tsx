import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Icon } from './icon';

export interface Column<Row> {
  readonly head: string;
  /** In pixels; what is left over goes to the columns by these. */
  readonly width: number;
  readonly number?: boolean;
  /** What the column is sorted by; null comes last. Left out: it cannot be. */
  readonly by?: (row: Row) => number | string | null;
  readonly cell: (row: Row) => ReactNode;
}

interface VirtualTableProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly sort?: { readonly head: string; readonly falling: boolean };
}

const ROW_PX = 48;

/** A table of which only the rows in sight are in the page: ten thousand scroll as ten do. Screen readers are told how many there are. */
export function VirtualTable<Row>({ caption, rows, columns, keyOf, sort: sortAtFirst }: VirtualTableProps<Row>): ReactNode {
  const [sort, setSort] = useState(sortAtFirst ?? null);
  const by = columns.find(({ head }) => head === sort?.head)?.by;
  const sorted = useMemo(() => sortRows(rows, by, sort?.falling === true), [rows, by, sort]);
  const scrolled = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => scrolled.current, estimateSize: () => ROW_PX, overscan: 8 });
  const shown = virtual.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div className="scroll tall" ref={scrolled} tabIndex={0} role="region" aria-label={caption}>
      <table aria-label={caption} aria-rowcount={sorted.length + 1} className="fixed" style={{ minWidth: columns.reduce((sum, { width }) => sum + width, 0) }}>
        <colgroup>{columns.map(({ head, width }) => <col key={head} style={{ width }} />)}</colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ head, number, by }) => {
              const mine = sort?.head === head;
              return (
                <th key={head} scope="col" className={number === true ? 'number' : undefined} aria-sort={mine ? (sort.falling ? 'descending' : 'ascending') : undefined}>
                  {by === undefined ? head : <button type="button" className="sort" onClick={() => setSort({ head, falling: mine && !sort.falling })}>{head}{mine && <Icon name={sort.falling ? 'down' : 'up'} size={10} />}</button>}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          <Space height={before} columns={columns.length} />
          {shown.map(({ index }) => {
            const row = sorted[index] as Row;
            return <tr key={keyOf(row)} aria-rowindex={index + 2}>{columns.map(({ head, number, cell }) => <td key={head} className={number === true ? 'number' : undefined}>{cell(row)}</td>)}</tr>;
          })}
          <Space height={after} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that are not in the page. */
function Space({ height, columns }: { readonly height: number; readonly columns: number }): ReactNode {
  if (height <= 0) return null;
  return <tr className="space" aria-hidden="true"><td colSpan={columns} style={{ height }} /></tr>;
}

function sortRows<Row>(rows: readonly Row[], by: Column<Row>['by'], falling: boolean): readonly Row[] {
  if (by === undefined) return rows;
  const sign = falling ? -1 : 1;
  return rows.map((row) => ({ row, key: by(row) })).sort((a, b) => {
    if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
    return sign * (typeof a.key === 'string' ? a.key.localeCompare(String(b.key)) : a.key - Number(b.key));
  }).map(({ row }) => row);
}
