import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 15;

/** Signals a group of processes; false when it is gone. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return signalProcess(-group, signal);
}

/** Signals a process; false when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Ends a group of processes: politely first, after `killAfterMs` for good. */
export async function endGroup(group: number, killAfterMs: number): Promise<void> {
  const deadline = Date.now() + killAfterMs;
  signalGroup(group, 'SIGTERM');
  while (signalGroup(group, 0)) {
    if (Date.now() >= deadline) signalGroup(group, 'SIGKILL');
    await sleep(LOOK_EVERY_MS);
  }
}
