import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';

const PATIENCE_MS = 90_000;
const AGAIN_MS = 500;

/** Asks again while what is asked is away, as it is in some cases; how a workflow failed is an answer. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (const giveUpAtMs = Date.now() + PATIENCE_MS; ; await sleep(AGAIN_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof WorkflowFailedError || Date.now() > giveUpAtMs) throw error;
    }
  }
}
