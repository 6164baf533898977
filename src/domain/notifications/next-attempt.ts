const FIRST_MS = 5_000;
const LONGEST_MS = 10 * 60_000;
/** News of yesterday is no news. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/** When an attempt that failed is made once more; null where it is given up. Doubles from five seconds to ten minutes. */
export function nextAttemptAtMs(attempts: number, firstAtMs: number, nowMs: number): number | null {
  const atMs = nowMs + Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return atMs - firstAtMs > GIVE_UP_AFTER_MS ? null : atMs;
}
