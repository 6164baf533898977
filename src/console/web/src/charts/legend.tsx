import type { ReactNode } from 'react';
import type { ChartFacts } from './chart-data';

/** What the lines and bands of a chart are. */
export function Legend({ lines, bands = [], limit, marks = [] }: ChartFacts): ReactNode {
  const named: { readonly label: string; readonly look: string }[] = [...lines.map(({ label, look }) => ({ label, look })), ...(limit == null ? [] : [{ label: 'limit', look: 'limit' }]), ...(marks.length === 0 ? [] : [{ label: 'what was done', look: 'mark' }])];
  return (
    <ul className="legend" aria-label="Legend">
      {named.map(({ label, look }) => <li key={label}><svg width="18" height="8" aria-hidden="true"><line className={look} x1="0" y1="4" x2="18" y2="4" /></svg>{label}</li>)}
      {bands.map(({ label, depth }) => <li key={label}><svg width="14" height="12" aria-hidden="true"><rect className={`band b${depth}`} width="14" height="12" /></svg>{label}</li>)}
    </ul>
  );
}
