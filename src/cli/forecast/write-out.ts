import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes and, where the reader is slower, waits for it: what it has not taken yet is not piled up in memory. */
export async function writeOut(to: Writable, text: string): Promise<void> {
  if (!to.write(text)) await once(to, 'drain');
}
