import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { bytes, percent, span, usd } from '../format';
import { Time } from './time';

const DEEPEST = 4;
const LONGEST_LIST = 40;

/** Anything as names and values: what stands in an audit record carries its units in its names, so that it can be told in them. */
export function Facts({ value, depth = 0 }: { readonly value: unknown; readonly depth?: number }): ReactNode {
  if (Array.isArray(value)) return <FactList items={value} depth={depth} />;
  if (typeof value !== 'object' || value === null) return <>{told('', value)}</>;
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0) return <span className="soft">nothing</span>;
  if (depth >= DEEPEST) return <code>{JSON.stringify(value)}</code>;
  return (
    <dl className="facts">
      {entries.map(([name, one]) => <Fragment key={name}><dt>{wordsOf(name)}</dt><dd>{isPlain(one) ? told(name, one) : <Facts value={one} depth={depth + 1} />}</dd></Fragment>)}
    </dl>
  );
}

function FactList({ items, depth }: { readonly items: readonly unknown[]; readonly depth: number }): ReactNode {
  if (items.length === 0) return <span className="soft">none</span>;
  const shown = items.slice(0, LONGEST_LIST);
  if (shown.every(isPlain)) return <>{shown.map((one) => String(one)).join(', ')}{items.length > shown.length && ` and ${items.length - shown.length} more`}</>;
  return <ul>{shown.map((one, i) => <li key={i}><Facts value={one} depth={depth + 1} /></li>)}</ul>;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function told(name: string, value: unknown): ReactNode {
  if (value === null || value === undefined || value === '') return <span className="soft">none</span>;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  if (/AtMs$|^(from|until)Ms$/.test(name)) return <Time ms={value} />;
  if (/Ms$/.test(name)) return span(value);
  if (/Bytes$/.test(name)) return bytes(value);
  if (/Percent$/.test(name)) return percent(value, 1);
  if (/Usd$|usdPerHour$/i.test(name)) return usd(value);
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** `doubleRunningMs` -> `double running`: the unit stands by the value. */
function wordsOf(name: string): string {
  return name.replace(/(Ms|Bytes|Percent|Usd)$/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}
