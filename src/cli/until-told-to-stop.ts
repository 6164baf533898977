import { setTimeout as sleep } from 'node:timers/promises';

/** Aborts on the first SIGTERM or SIGINT, so that what is in work can be ended in order. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}

/** Does the same work again and again until the signal, at once where it answers that there was something to do; what it throws is told, and it is tried again. */
export async function repeatUntil(signal: AbortSignal, everyMs: number, work: () => Promise<boolean>, onTrouble: (sentence: string) => void): Promise<void> {
  while (!signal.aborted) {
    const wasBusy = await work().catch((error: unknown) => {
      onTrouble(error instanceof Error ? error.message : String(error));
      return false;
    });
    if (!wasBusy) await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
