import type { ReactNode } from 'react';
import type { Tone } from './pill';

const WIDTH = 54;

/** A share (0..100) as a small bar beside its number; `limit` stands on it as a tick. */
export function Bar({ percent, text, tone = 'info', limit }: { readonly percent: number; readonly text: string; readonly tone?: Tone; readonly limit?: number }): ReactNode {
  const x = (value: number) => (Math.max(0, Math.min(100, value)) * WIDTH) / 100;
  return (
    <span className="bar">
      <svg width={WIDTH} height="8" aria-hidden="true">
        <rect className="rail" width={WIDTH} height="8" rx="3" />
        <rect className={`fill ${tone}`} width={x(percent)} height="8" rx="3" />
        {limit !== undefined && <rect className="tick" x={x(limit) - 1} width="2" height="8" />}
      </svg>
      {text}
    </span>
  );
}
