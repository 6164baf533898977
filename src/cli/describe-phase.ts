interface PhaseLine {
  readonly phase: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly note?: string;
}

/** One line of a workflow's story. */
export function describePhase({ phase, startedAtMs, endedAtMs, note }: PhaseLine): string {
  const mark = endedAtMs === undefined ? '…' : phase === 'rollback' ? '↩' : '✓';
  const seconds = ((endedAtMs ?? startedAtMs) - startedAtMs) / 1000;
  return `  ${mark} ${phase.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${note ?? ''}`;
}
