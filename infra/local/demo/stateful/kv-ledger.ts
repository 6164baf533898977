export interface KvFailure {
  readonly atMs: number;
  readonly what: 'write' | 'read';
  /** The status, or what became of the connection. */
  readonly outcome: string;
}

export interface KvReport {
  readonly writes: number;
  readonly reads: number;
  readonly failed: number;
  readonly firstFailures: readonly KvFailure[];
  /** Reads that answered with less than what had been acknowledged before they were asked. */
  readonly stale: number;
  readonly longestGapMs: number;
  /** Times without any good answer, of {@link GAP_MS} at least. */
  readonly gaps: readonly { readonly atMs: number; readonly ms: number }[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export const GAP_MS = 100;
const FIRST_FAILURES = 20;

interface Span {
  writes: number;
  reads: number;
  failed: number;
  stale: number;
  readonly failures: KvFailure[];
  readonly gaps: { readonly atMs: number; readonly ms: number }[];
  readonly latenciesMs: number[];
  longestGapMs: number;
}

/** What the clients of the stateful service were told, and what they may rely on by it. Values are written as `<sequence> ...`. */
export class KvLedger {
  /** Sequence of the newest acknowledged write of a key. */
  private readonly acknowledged = new Map<string, number>();
  /** Newer writes of which it is not known whether they were done. */
  private readonly unsure = new Map<string, Set<number>>();
  private readonly writing = new Set<string>();
  private span = newSpan();
  private lastGoodMs: number | null = null;
  private asking = 0;

  get underWay(): number {
    return this.asking;
  }

  /** False where a write of that key is under way. */
  beginWrite(key: string): boolean {
    if (this.writing.has(key)) return false;
    this.writing.add(key);
    return true;
  }

  endWrite(key: string, sequence: number, isAcknowledged: boolean): void {
    this.writing.delete(key);
    if (isAcknowledged) {
      this.acknowledged.set(key, sequence);
      this.unsure.delete(key);
    } else this.unsure.set(key, (this.unsure.get(key) ?? new Set()).add(sequence));
  }

  acknowledgedOf(key: string): number | undefined {
    return this.acknowledged.get(key);
  }

  acknowledgedKeys(): string[] {
    return [...this.acknowledged.keys()];
  }

  checkRead(atLeast: number | undefined, body: string): void {
    if (atLeast !== undefined && !(sequenceOf(body) >= atLeast)) this.span.stale += 1;
  }

  isWhatWasWritten(key: string, value: string | null): boolean {
    if (value === null) return false;
    const sequence = sequenceOf(value);
    return sequence === this.acknowledged.get(key) || this.unsure.get(key)?.has(sequence) === true;
  }

  /** Follows one request from its start to its end. A key that is not there is a good answer. */
  async note(what: 'write' | 'read', ask: () => Promise<{ readonly status: number; readonly body: string }>, onEnd: (status: number, body: string) => void): Promise<void> {
    const startMs = performance.now();
    this.asking += 1;
    const { status, body } = await ask().catch((error: unknown) => ({ status: 0, body: String((error as NodeJS.ErrnoException).code ?? error) }));
    this.asking -= 1;
    const nowMs = performance.now();
    const { span } = this;
    span.latenciesMs.push(nowMs - startMs);
    const isGood = status === 200 || status === 204 || (what === 'read' && status === 404);
    if (what === 'write' || isGood) onEnd(status, body);
    if (!isGood) {
      span.failed += 1;
      if (span.failures.length < FIRST_FAILURES) span.failures.push({ atMs: Date.now(), what, outcome: status === 0 ? body : `${status} ${body.trim()}` });
      return;
    }
    span[what === 'write' ? 'writes' : 'reads'] += 1;
    const gapMs = nowMs - (this.lastGoodMs ?? nowMs);
    this.lastGoodMs = nowMs;
    span.longestGapMs = Math.max(span.longestGapMs, gapMs);
    if (gapMs >= GAP_MS) span.gaps.push({ atMs: Date.now() - gapMs, ms: gapMs });
  }

  /** What came since the last time. */
  take(): KvReport {
    const { failures, latenciesMs, ...counts } = this.span;
    this.span = newSpan();
    latenciesMs.sort((a, b) => a - b);
    const rank = (fraction: number): number => latenciesMs[Math.max(0, Math.ceil(fraction * latenciesMs.length) - 1)] ?? 0;
    return { ...counts, firstFailures: failures, p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1) };
  }
}

function newSpan(): Span {
  return { writes: 0, reads: 0, failed: 0, stale: 0, failures: [], gaps: [], latenciesMs: [], longestGapMs: 0 };
}

function sequenceOf(value: string): number {
  return Number.parseInt(value, 10);
}
