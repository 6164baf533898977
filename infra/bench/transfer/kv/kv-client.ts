import { connect } from 'node:net';
import type { Socket } from 'node:net';

interface Answer {
  readonly n: number;
  readonly ok?: boolean;
  readonly value?: string | null;
  readonly quiesced?: boolean;
}

/** A client that keeps asking at a steady rate, notes what was acknowledged, and moves to another address without forgetting what is unanswered. */
export class KvClient {
  private socket: Socket | null = null;
  private readonly asked = new Map<number, { readonly atMs: number; readonly line: string; readonly key: string | null; readonly value: string }>();
  private readonly timers: NodeJS.Timeout[] = [];
  private next = 0;
  /** Value of every key whose write was acknowledged. */
  readonly acknowledged = new Map<string, string>();
  readonly latenciesMs: number[] = [];
  writes = 0;
  reads = 0;
  /** When an answer came last, and the longest time without one. */
  private lastAnswerMs = performance.now();
  longestSilenceMs = 0;

  constructor(private port: number) {
    this.open();
  }

  /** Asks so often each second until it is stopped. */
  start(writesPerSecond: number, readsPerSecond: number): void {
    const startMs = performance.now();
    let writes = 0;
    let reads = 0;
    this.timers.push(
      setInterval(() => {
        const seconds = (performance.now() - startMs) / 1000;
        for (; writes < seconds * writesPerSecond; writes++) this.write();
        for (; reads < seconds * readsPerSecond; reads++) this.ask({ get: `key-${Math.floor(Math.random() * 20_000)}` }, null, '');
      }, 5),
    );
  }

  /** Goes on at another port; what is unanswered is asked there again. */
  moveTo(port: number): void {
    this.socket?.destroy();
    this.port = port;
    this.open();
    for (const { line } of this.asked.values()) this.socket?.write(line);
  }

  /** Stops asking; returns once everything is answered. */
  async stop(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    for (let i = 0; i < 200 && this.asked.size > 0; i++) await new Promise((resolve) => setTimeout(resolve, 25));
    if (this.asked.size > 0) throw new Error(`${this.asked.size} requests were never answered`);
  }

  /** Reads every key whose write was acknowledged, and returns those that are not what was written. */
  async lost(): Promise<string[]> {
    const lost: string[] = [];
    for (const [key, value] of this.acknowledged) {
      const found = await new Promise<string | null>((resolve) => {
        const n = this.ask({ get: key }, null, '');
        this.waiting.set(n, resolve);
      });
      if (found !== value) lost.push(key);
    }
    return lost;
  }

  close(): void {
    this.socket?.destroy();
  }

  private readonly waiting = new Map<number, (value: string | null) => void>();

  private write(): void {
    const key = `key-${Math.floor(Math.random() * 20_000)}`;
    // Two writes of one key on their way could be answered in either order.
    for (const { key: other } of this.asked.values()) if (other === key) return;
    const value = `${this.next}-${'v'.repeat(100)}`;
    this.ask({ set: [key, value] }, key, value);
  }

  private ask(what: object, key: string | null, value: string): number {
    const n = this.next++;
    const line = `${JSON.stringify({ n, ...what })}\n`;
    this.asked.set(n, { atMs: performance.now(), line, key, value });
    this.socket?.write(line);
    return n;
  }

  private open(): void {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    let rest = '';
    socket.on('error', () => setTimeout(() => this.socket === socket && this.moveTo(this.port), 5));
    socket.on('data', (data) => {
      const lines = (rest + data.toString()).split('\n');
      rest = lines.pop() as string;
      lines.forEach((line) => this.take(JSON.parse(line) as Answer));
    });
    this.socket = socket;
  }

  // What a quiesced service turned away stays unanswered, and is asked again where the service goes on.
  private take({ n, ok, value, quiesced }: Answer): void {
    const asked = this.asked.get(n);
    if (asked === undefined || quiesced === true) return;
    this.asked.delete(n);
    const nowMs = performance.now();
    this.longestSilenceMs = Math.max(this.longestSilenceMs, nowMs - this.lastAnswerMs);
    this.lastAnswerMs = nowMs;
    this.latenciesMs.push(nowMs - asked.atMs);
    if (ok === true && asked.key !== null) {
      this.writes += 1;
      this.acknowledged.set(asked.key, asked.value);
    } else this.reads += 1;
    this.waiting.get(n)?.(value ?? null);
    this.waiting.delete(n);
  }
}
