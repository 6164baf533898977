import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createRuntimeApi } from '../../../src/adapters/haproxy/runtime-api';
import { ManagedProcess, guarded } from '../supervisor/managed-process';

export interface HaproxyOptions {
  /** From {@link findHaproxy}. */
  readonly program: string;
  readonly configFile: string;
  /** What the configuration takes from the environment; FORESHIFT_SOCKET must be one of it. */
  readonly settings: Readonly<Record<string, string>> & { readonly FORESHIFT_SOCKET: string };
  /** For its log. */
  readonly directory: string;
}

/** The HAProxy of this machine; null where there is none. Debian's stands where users do not look. */
export function findHaproxy(path: string): string | null {
  return [...path.split(delimiter), '/usr/sbin', '/usr/local/sbin'].map((folder) => join(folder, 'haproxy')).find((file) => existsSync(file)) ?? null;
}

/** Starts HAProxy in the foreground of a process group of its own, which ends with this process. */
export function startHaproxy({ program, configFile, settings, directory }: HaproxyOptions): Promise<ManagedProcess> {
  const run = createRuntimeApi({ path: settings.FORESHIFT_SOCKET });
  return ManagedProcess.start({
    name: 'haproxy',
    ...guarded(program, ['-db', '-f', configFile]),
    env: settings,
    logFile: join(directory, 'haproxy.log'),
    isReady: async () => (await run('show backend')) !== '',
    readyWithinMs: 10_000,
  });
}
