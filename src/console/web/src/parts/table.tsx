import type { ReactNode } from 'react';

/** A column's head; `number` aligns it right. */
export type Head = string | { readonly number: string };

/** A table that scrolls by itself where it is wider than the page, by keys too. For a few dozen rows; longer lists are virtual. */
export function Table({ caption, heads, className, children }: { readonly caption: string; readonly heads: readonly Head[]; readonly className?: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table aria-label={caption} className={className}>
        <thead><tr>{heads.map((head) => (typeof head === 'string' ? <th key={head} scope="col">{head}</th> : <th key={head.number} scope="col" className="number">{head.number}</th>))}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
