import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/supervisor/free-port';

const DEBIAN = '/usr/lib/postgresql';
const USER = 'postgres';

export interface PostgresServer {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

/** Starts a server of Debian's PostgreSQL with its own settings on a cluster of its own, on a loopback address; null where it is not installed. It does not run as root. */
export async function startPostgres(): Promise<PostgresServer | null> {
  const version = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(a) - Number(b)).at(-1) : undefined;
  if (version === undefined) return null;
  const bin = join(DEBIAN, version, 'bin');
  const folder = mkdtempSync(join(tmpdir(), 'bench-postgres-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const as = process.getuid?.() === 0 ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--init-groups'] : ['env'];
  if (as[0] === 'setpriv') execFileSync('install', ['-d', '-o', USER, '-g', USER, '-m', '700', data]);
  const [program = '', ...prefix] = as;
  execFileSync(program, [...prefix, join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', USER], { stdio: 'ignore', cwd: folder });
  const port = await freePort();
  const server = spawn(program, [...prefix, join(bin, 'postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''], { stdio: 'ignore', cwd: folder });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await untilReady(join(bin, 'pg_isready'), port);
  return {
    url: `postgresql://${USER}@127.0.0.1:${port}/postgres`,
    version,
    async stop() {
      // Fast shutdown: it is not waited for clients.
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(isReady: string, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      execFileSync(isReady, ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('PostgreSQL did not start');
}
