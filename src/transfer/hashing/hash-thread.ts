import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { hashBlocks } from '../chunks/hash-blocks';
import type { HashAnswer, HashTask } from './hash-task';

/** The thread's side: carries out one task after the other. */
parentPort?.on('message', (task: HashTask) => {
  const answer = carryOut(task);
  parentPort?.postMessage(answer, 'buffers' in answer ? [answer.buffers.data, answer.buffers.digests] : []);
});

function carryOut({ fd, at, bytes, blockBytes, buffers }: HashTask): HashAnswer {
  try {
    const data = Buffer.from(buffers.data, 0, bytes);
    const filled = readAt(fd, at, data);
    hashBlocks(data.subarray(0, filled), blockBytes, Buffer.from(buffers.digests));
    return { bytes: filled, buffers };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { message, code };
  }
}

function readAt(fd: number, at: number, buffer: Buffer): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(fd, buffer, filled, buffer.length - filled, at + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
