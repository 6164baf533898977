import { fork } from 'node:child_process';
import type { LoadMessage, LoadOptions, LoadSample, SampleOutcome } from './load-protocol';

const FIRST_FAILURES = 10;

export interface LoadFailure {
  readonly atMs: number;
  readonly latencyMs: number;
  readonly outcome: SampleOutcome;
}

export interface LoadStats {
  /** Requests that ended in the span. */
  readonly sent: number;
  /** Timeouts, connection errors and every answer but 2xx. */
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly firstFailures: readonly LoadFailure[];
}

export interface LoadSummary extends LoadStats {
  /** Requests started in all: sent + unfinished. */
  readonly started: number;
  /** Requests that hadn't ended even a request timeout after the stop; in no other number but `started`. */
  readonly unfinished: number;
  readonly durationMs: number;
}

export interface LoadRun {
  /** Over the requests that ended in [fromMs, toMs), all of them by default. */
  stats(fromMs?: number, toMs?: number): LoadStats;
  /** Sends nothing more, waits for what is under way, and ends the process. Every call gives the same summary. */
  stop(): Promise<LoadSummary>;
}

export interface LoadProgram {
  /** The compiled or TypeScript entry of the load process. */
  readonly file: string;
  /** Node's options for it, such as a TypeScript loader. */
  readonly execArgv: readonly string[];
}

/** Sends requests at a constant rate from a process of its own, so that this process's work doesn't disturb the rate. */
export function startLoad(options: LoadOptions, program: LoadProgram = { file: require.resolve('./load-main'), execArgv: [] }): LoadRun {
  const startedAtMs = Date.now();
  const samples: LoadSample[] = [];
  const child = fork(program.file, [JSON.stringify(options)], {
    env: {},
    execArgv: [...program.execArgv],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2000);
  });

  const summary = new Promise<LoadSummary>((resolve, reject) => {
    let done: LoadSummary | undefined;
    child.on('message', (message: LoadMessage) => {
      if (message.kind === 'samples') samples.push(...message.samples);
      else done = { ...statsOf(samples), started: message.started, unfinished: message.unfinished, durationMs: Date.now() - startedAtMs };
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (done === undefined) reject(new Error(`The load generator ended early (code ${String(code)}): ${complaint}`));
      else resolve(done);
    });
  });
  // Its failure shows in stop(); until then it isn't an unhandled rejection.
  summary.catch(() => undefined);

  return {
    stats: (fromMs = 0, toMs = Number.POSITIVE_INFINITY) => statsOf(samples.filter(([endedAtMs]) => endedAtMs >= fromMs && endedAtMs < toMs)),
    stop: () => {
      if (child.connected) child.send('stop', () => undefined);
      return summary;
    },
  };
}

/** Exact figures by sorting; a run has some ten thousand requests. Failed requests' times count as well. */
function statsOf(samples: readonly LoadSample[]): LoadStats {
  const latencies = samples.map(([, latencyMs]) => latencyMs).sort((a, b) => a - b);
  const rank = (fraction: number): number => latencies[Math.max(0, Math.ceil(fraction * latencies.length) - 1)] ?? 0;
  const failures = samples.filter(([, , outcome]) => outcome !== 'ok');
  return {
    sent: samples.length,
    failed: failures.length,
    p50Ms: rank(0.5),
    p99Ms: rank(0.99),
    maxMs: latencies.at(-1) ?? 0,
    firstFailures: failures.slice(0, FIRST_FAILURES).map(([atMs, latencyMs, outcome]) => ({ atMs, latencyMs, outcome })),
  };
}
