import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../../local/supervisor/start-stack';
import type { OutageKind } from '../cases/fault';

/** No attempt waits longer than this for others: the shortest may take 20 s. */
const GATHER_MS = 5_000;
const DATABASE_DOWN_MS = 30_000;

interface Waiting {
  readonly resolve: () => void;
  readonly afterMs: number;
}

export interface OutageRecord {
  readonly kind: OutageKind;
  readonly atMs: number;
  /** When what was taken away was there again. */
  readonly backAtMs: number;
  readonly moves: number;
}

/** Takes worker, server or database away when enough moves have come to where they want it, and gives it back. */
export class Outages {
  readonly records: OutageRecord[] = [];
  /** Ends of the worker that nobody asked for, with the end of its log. */
  readonly crashes: string[] = [];
  private readonly waiting = new Map<OutageKind, Waiting[]>();
  private busy: Promise<void> = Promise.resolve();
  private isWorkerMeantToDie = false;
  private isOver = false;

  constructor(
    private readonly stack: Stack,
    private readonly together: number,
  ) {
    this.watchWorker();
  }

  /** Resolves when it is over. With `afterMs` at once, and the worker dies so much later, in the midst of what it does then. */
  meet(kind: OutageKind, afterMs = 0): Promise<void> {
    const waiting = this.waiting.get(kind) ?? [];
    this.waiting.set(kind, waiting);
    return new Promise((resolve) => {
      waiting.push({ resolve, afterMs });
      if (waiting.length === 1) setTimeout(() => this.begin(kind), GATHER_MS);
      if (waiting.length >= this.together) this.begin(kind);
    });
  }

  private begin(kind: OutageKind): void {
    const met = this.waiting.get(kind) ?? [];
    if (met.length === 0) return;
    this.waiting.set(kind, []);
    // One at a time: what is away cannot be taken away.
    this.busy = this.busy.then(() => this.carryOut(kind, met)).catch((error: unknown) => console.error(`an outage of the ${kind} failed: ${String(error)}`));
  }

  private async carryOut(kind: OutageKind, met: readonly Waiting[]): Promise<void> {
    for (const { resolve, afterMs } of met) if (afterMs > 0) resolve();
    await sleep(Math.max(...met.map(({ afterMs }) => afterMs)));
    const atMs = Date.now();
    await this.away([kind]);
    this.records.push({ kind, atMs, backAtMs: Date.now(), moves: met.length });
    for (const { resolve } of met) resolve();
  }

  /** Takes all of these away at once and gives them back; how long they were away, in milliseconds. */
  async now(kinds: readonly OutageKind[]): Promise<number> {
    const atMs = Date.now();
    await this.away(kinds);
    return Date.now() - atMs;
  }

  private async away(kinds: readonly OutageKind[]): Promise<void> {
    const { stack } = this;
    this.isWorkerMeantToDie = kinds.includes('worker');
    await Promise.all([
      kinds.includes('worker') ? stack.worker?.kill() : undefined,
      kinds.includes('temporal') ? stack.part('temporal').kill() : undefined,
      kinds.includes('database') ? stack.part('database').stop() : undefined,
    ]);
    if (kinds.includes('database')) {
      await sleep(DATABASE_DOWN_MS);
      await stack.startAgain('database');
    }
    if (kinds.includes('temporal')) await stack.startAgain('temporal');
    if (!this.isWorkerMeantToDie) return;
    await stack.startWorker();
    this.isWorkerMeantToDie = false;
    this.watchWorker();
  }

  private watchWorker(): void {
    const { worker } = this.stack;
    worker?.onExit(() => {
      if (this.isWorkerMeantToDie || this.isOver) return;
      this.crashes.push(worker.logTail());
      this.busy = this.busy.then(async () => void (await this.stack.startWorker())).then(() => this.watchWorker());
    });
  }

  /** From now on whatever ends is meant to. */
  end(): void {
    this.isOver = true;
  }
}
