import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { XdsDirectory } from './xds-directory';

const RESTART_AFTER_MS = 200;

/**
 * The shell stays between us and Envoy: when this process dies, however it dies, its end of the pipe closes, `cat` ends
 * and Envoy is killed. It first reports Envoy's process id.
 */
const GUARD = 'exec 3<&0; "$0" "$@" </dev/null & pid=$!; echo "{\\"pid\\":$pid}"; (cat <&3 >/dev/null 2>&1; kill -9 $pid 2>/dev/null) >/dev/null 2>&1 & wait $pid';

export interface EnvoyProcessOptions {
  readonly envoyPath: string;
  readonly dataDir: string;
  readonly adminPort: number;
  readonly xds: XdsDirectory;
  /** Gets every line of the access log. */
  readonly onAccess: (entry: Record<string, unknown>) => void;
}

/** A running Envoy that is started again whenever it ends. */
export class EnvoyProcess {
  private child: ChildProcess | undefined;
  private stopped = false;
  private restart: NodeJS.Timeout | undefined;
  /** Envoy's own process id, once known. */
  pid: number | undefined;

  constructor(private readonly options: EnvoyProcessOptions) {
    const { dataDir, adminPort, xds } = options;
    const source = (file: string): unknown => ({ resource_api_version: 'V3', path_config_source: { path: xds.path(file) } });
    writeFileSync(
      join(dataDir, 'envoy.json'),
      JSON.stringify({
        node: { id: 'local', cluster: 'local' },
        admin: { address: { socket_address: { address: '127.0.0.1', port_value: adminPort } } },
        dynamic_resources: { cds_config: source('clusters.json'), lds_config: source('listeners.json') },
      }),
    );
    this.start();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    await ended;
  }

  private start(): void {
    const { envoyPath, dataDir, onAccess } = this.options;
    const args = ['-c', join(dataDir, 'envoy.json'), '--disable-hot-restart', '--concurrency', '1', '--log-level', 'warning'];
    args.push('--log-path', join(dataDir, 'envoy.log'), '--file-flush-interval-msec', '100', '--drain-time-s', '5');
    const child = spawn('/bin/sh', ['-c', GUARD, envoyPath, ...args], { stdio: ['pipe', 'pipe', 'ignore'], env: {} });
    this.child = child;
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = parseLine(line);
      if (entry === undefined) return;
      if (typeof entry['pid'] === 'number') this.pid = entry['pid'];
      else onAccess(entry);
    });
    child.on('error', () => this.ended(child));
    child.on('exit', () => this.ended(child));
  }

  private ended(child: ChildProcess): void {
    if (this.child !== child || this.stopped) return;
    // Lets the guard's `cat` go too.
    child.stdin?.end();
    this.pid = undefined;
    clearTimeout(this.restart);
    this.restart = setTimeout(() => this.start(), RESTART_AFTER_MS);
  }
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
