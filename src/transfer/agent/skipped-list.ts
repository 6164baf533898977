/** Paths that are listed; of a large state, the rest is counted. */
const MOST_LISTED = 200;

/** What is not transferred, each path once. */
export class SkippedList {
  private readonly reasons = new Map<string, string>();
  private beyond = 0;

  add(path: string, reason: string): void {
    if (this.reasons.has(path)) return;
    if (this.reasons.size < MOST_LISTED) this.reasons.set(path, reason);
    else this.beyond += 1;
  }

  clear(): void {
    this.reasons.clear();
    this.beyond = 0;
  }

  get listed(): { readonly path: string; readonly reason: string }[] {
    return [...this.reasons].map(([path, reason]) => ({ path, reason }));
  }

  get count(): number {
    return this.reasons.size + this.beyond;
  }
}
