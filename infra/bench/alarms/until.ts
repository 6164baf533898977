import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is an answer. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, withinMs: number): Promise<T> {
  for (const giveUpAtMs = Date.now() + withinMs; ; await sleep(100)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > giveUpAtMs) throw new Error(`${what}: not within ${withinMs / 1000} s`);
  }
}
