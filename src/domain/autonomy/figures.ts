import type { AutonomyRecord } from './autonomy-record';

/** Share (0..1) of moves that went back, of at least so many. */
export function shareOfMoves({ completed, rolledBack }: AutonomyRecord['moves'], leastOf: number): number {
  return rolledBack / Math.max(completed + rolledBack, leastOf);
}

export function rounded(value: number): string {
  return String(Number(value.toFixed(2)));
}

export function daysOf(ms: number): string {
  return `${(ms / 86_400_000).toFixed(1)} days`;
}

export function secondsOf(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
