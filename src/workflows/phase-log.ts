/** A phase of a workflow: when it was entered and left, and the last sentence about it. */
export interface PhaseEntry<P extends string> {
  readonly phase: P;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly note?: string;
}

/** The phases that a workflow went through, in order. */
export class PhaseLog<P extends string> {
  readonly entries: PhaseEntry<P>[] = [];

  begin(phase: P, note?: string): void {
    this.end();
    this.entries.push({ phase, startedAtMs: Date.now(), ...(note === undefined ? {} : { note }) });
  }

  end(): void {
    this.change((current) => (current.endedAtMs === undefined ? { ...current, endedAtMs: Date.now() } : current));
  }

  note(note: string): void {
    this.change((current) => ({ ...current, note }));
  }

  /** A Markdown table for the Temporal UI: the phases that there are, in this order, and how long each took. */
  table(order: readonly P[]): string[] {
    const seen = new Map(this.entries.map((entry) => [entry.phase, entry]));
    const rows = order.map((phase) => {
      const entry = seen.get(phase);
      const mark = entry === undefined ? '·' : entry.endedAtMs === undefined ? '**now**' : `${((entry.endedAtMs - entry.startedAtMs) / 1000).toFixed(1)} s`;
      return `| ${phase} | ${mark} | ${entry?.note ?? ''} |`;
    });
    return ['| phase | | |', '|---|---|---|', ...rows];
  }

  private change(of: (current: PhaseEntry<P>) => PhaseEntry<P>): void {
    const current = this.entries.at(-1);
    if (current !== undefined) this.entries[this.entries.length - 1] = of(current);
  }
}
