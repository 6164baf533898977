/**
 * Runs one task at a time after the changes that asked for it. A change that arrives while the task runs makes it run
 * again; changes that wait together share one run.
 */
export class Propagation {
  private timer: NodeJS.Timeout | undefined;
  private dueAtMs = Number.POSITIVE_INFINITY;
  private running = false;
  private stopped = false;
  private current: Promise<void> = Promise.resolve();
  /** Why the last run failed; undefined after a good one. */
  lastError: string | undefined;

  constructor(private readonly task: () => Promise<void>) {}

  /** Nothing waits and nothing runs. */
  get idle(): boolean {
    return !this.running && this.timer === undefined;
  }

  request(delayMs: number): void {
    if (this.stopped) return;
    const dueAtMs = Date.now() + delayMs;
    if (this.timer !== undefined && this.dueAtMs <= dueAtMs) return;
    clearTimeout(this.timer);
    this.dueAtMs = dueAtMs;
    this.timer = setTimeout(() => this.due(), delayMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.current;
  }

  private due(): void {
    if (this.running) {
      // Looks again as soon as the current run is over; `idle` stays false meanwhile.
      this.timer = setTimeout(() => this.due(), 10);
      return;
    }
    this.timer = undefined;
    this.running = true;
    this.current = this.run();
  }

  private async run(): Promise<void> {
    try {
      await this.task();
      this.lastError = undefined;
    } catch (error) {
      this.lastError = error instanceof Error ? error.message : String(error);
    } finally {
      this.running = false;
    }
  }
}
