import type { ReactNode } from 'react';
import { percent } from '../format';

const WIDTH = 72;
/** Coverage below this is drawn at the edge: what matters lies near the goal. */
const FROM = 0.6;

export function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

/** A share (0..1) on a scale with its goal marked, and in words whether it holds. */
export function CoverageDot({ value, goal }: { readonly value: number; readonly goal: readonly [number, number] }): ReactNode {
  const x = (share: number) => 5 + (Math.max(0, share - FROM) / (1 - FROM)) * (WIDTH - 10);
  const held = isWithin(value, goal);
  return (
    <span>
      <svg className="dots" width={WIDTH} height="12" aria-hidden="true">
        <line className="rail" x1="0" x2={WIDTH} y1="6" y2="6" />
        <rect className="goal" x={x(goal[0])} width={x(goal[1]) - x(goal[0])} y="1.5" height="9" />
        {held ? <circle className="held" cx={x(value)} cy="6" r="4" /> : <rect className="missed" x={x(value) - 4} y="2" width="8" height="8" />}
      </svg>
      {percent(value * 100, 1)} <span className="soft small">{held ? 'held' : value < goal[0] ? 'too narrow' : 'too wide'}</span>
    </span>
  );
}
