import { setTimeout as sleep } from 'node:timers/promises';

/** Lets that many bytes a second pass, in bursts of a tenth of a second. */
export class RateLimit {
  private readyAtMs = 0;

  /** @param bytesPerSecond null: no limit */
  constructor(private readonly bytesPerSecond: number | null) {}

  /** Returns once the bytes may be sent. */
  async pass(bytes: number): Promise<void> {
    if (this.bytesPerSecond === null) return;
    const nowMs = performance.now();
    const waitMs = this.readyAtMs - nowMs;
    this.readyAtMs = Math.max(this.readyAtMs, nowMs - 100) + (1000 * bytes) / this.bytesPerSecond;
    if (waitMs > 0) await sleep(waitMs);
  }
}
