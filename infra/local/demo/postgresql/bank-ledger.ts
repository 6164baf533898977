/** What the clients of the bank were told of their transfers, and what they may rely on by it. */
export class BankLedger {
  /** Acknowledged: must be there, once. */
  readonly committed = new Set<number>();
  /** Sent to be committed, and never answered: may be there or not. */
  readonly unknown = new Set<number>();
  /** Failed before that: must not be there. */
  failed = 0;
  longestGapMs = 0;
  private lastGoodMs: number | null = null;
  private next = 0;

  newTransfer(): number {
    return (this.next += 1);
  }

  commit(transfer: number, nowMs: number): void {
    this.committed.add(transfer);
    if (this.lastGoodMs !== null) this.longestGapMs = Math.max(this.longestGapMs, nowMs - this.lastGoodMs);
    this.lastGoodMs = nowMs;
  }

  /** The longest time without any commit since this was last asked. */
  takeGapMs(nowMs: number): number {
    const gap = Math.max(this.longestGapMs, this.lastGoodMs === null ? 0 : nowMs - this.lastGoodMs);
    this.longestGapMs = 0;
    return Math.round(gap);
  }

  /** Acknowledged transfers that are missing, and such that are there and were never sent to be committed. */
  compare(found: readonly number[]): { readonly lost: number; readonly unasked: number; readonly twice: number } {
    const there = new Set(found);
    return {
      lost: [...this.committed].filter((transfer) => !there.has(transfer)).length,
      unasked: found.filter((transfer) => !this.committed.has(transfer) && !this.unknown.has(transfer)).length,
      twice: found.length - there.size,
    };
  }
}
