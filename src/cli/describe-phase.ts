import type { PhaseRecord } from '../contracts/migrate-instance';

/** One line of a migration's story. */
export function describePhase({ phase, startedAtMs, endedAtMs, note }: PhaseRecord): string {
  const mark = endedAtMs === undefined ? '…' : phase === 'rollback' ? '↩' : '✓';
  const seconds = ((endedAtMs ?? startedAtMs) - startedAtMs) / 1000;
  return `  ${mark} ${phase.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${note ?? ''}`;
}
