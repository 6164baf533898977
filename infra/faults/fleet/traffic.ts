import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export interface TrafficCommand {
  readonly url: string;
  /** 0: no more. */
  readonly everyMs: number;
}

export interface TrafficReport {
  readonly url: string;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  /** `ok`, another status than 200, or what went wrong. */
  readonly outcome: string;
}

export interface Tally {
  sent: number;
  failed: number;
  readonly failures: TrafficReport[];
}

/** A failure that was told after this many is only counted. */
const KEPT_FAILURES = 20;

/** Requests to many services, each at a rate of its own, from a process of their own. */
export class Traffic {
  private readonly tallies = new Map<string, Tally>();
  private readonly rates = new Map<string, number>();
  private child: ChildProcess = this.begin();
  private isOver = false;
  sent = 0;
  failed = 0;

  setRate(url: string, everyMs: number): void {
    this.rates.set(url, everyMs);
    this.tell(url, everyMs);
  }

  /** What came of the requests of that service since this was last asked. */
  take(url: string): Tally {
    const tally = this.tallies.get(url) ?? { sent: 0, failed: 0, failures: [] };
    this.tallies.delete(url);
    return tally;
  }

  stop(): void {
    this.isOver = true;
    this.child.kill('SIGTERM');
  }

  private tell(url: string, everyMs: number): void {
    const command: TrafficCommand = { url, everyMs };
    this.child.send(command, () => undefined);
  }

  /** Should the process end, another goes on: a case without requests would prove less. */
  private begin(): ChildProcess {
    const child = fork(require.resolve('./traffic-main'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', (report: TrafficReport) => this.count(report));
    child.on('exit', (code, signal) => {
      if (this.isOver) return;
      console.error(`the process that sends requests ended with ${signal ?? String(code)}`);
      this.child = this.begin();
      for (const [url, everyMs] of this.rates) this.tell(url, everyMs);
    });
    return child;
  }

  private count(report: TrafficReport): void {
    const tally = this.tallies.get(report.url) ?? { sent: 0, failed: 0, failures: [] };
    this.tallies.set(report.url, tally);
    tally.sent += 1;
    this.sent += 1;
    if (report.outcome === 'ok') return;
    tally.failed += 1;
    this.failed += 1;
    if (tally.failures.length < KEPT_FAILURES) tally.failures.push(report);
  }
}
