import type { ReactNode } from 'react';
import type { Tone } from './pill';

export interface TileFacts {
  readonly title: string;
  readonly value: string;
  readonly note?: string;
  readonly tone?: Tone;
}

/** The few numbers that a page is about. */
export function Tiles({ tiles }: { readonly tiles: readonly TileFacts[] }): ReactNode {
  return (
    <dl className="tiles">
      {tiles.map(({ title, value, note, tone = 'idle' }) => <div key={title} className={`tile ${tone}`}><dt>{title}</dt><dd>{value}{note !== undefined && <div className="small">{note}</div>}</dd></div>)}
    </dl>
  );
}
