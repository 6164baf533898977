/** Remembers which messages were taken for as long as one of that age would be taken at all. */
export class ReplayGuard {
  private readonly taken = new Map<string, number>();

  constructor(private readonly windowMs: number) {}

  has(messageId: string): boolean {
    return this.taken.has(messageId);
  }

  /** Two of the same at once: only the first goes on. */
  add(messageId: string, nowMs: number): void {
    for (const [id, atMs] of this.taken) {
      if (nowMs - atMs <= 2 * this.windowMs) break;
      this.taken.delete(id);
    }
    this.taken.set(messageId, nowMs);
  }

  /** It was not carried out after all: SNS sends it again, and may. */
  forget(messageId: string): void {
    this.taken.delete(messageId);
  }
}
