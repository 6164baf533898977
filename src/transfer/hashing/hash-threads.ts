import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../threads/start-thread';
import type { HashAnswer, HashBuffers, HashTask } from './hash-task';

/** One for each core, but a transfer is not to take a whole machine from its service. */
const MOST_THREADS = 4;

/** Bytes that were read and hashed, and where they are now. */
export interface Hashed {
  readonly bytes: number;
  readonly buffers: HashBuffers;
}

interface Job {
  readonly task: HashTask;
  readonly resolve: (hashed: Hashed) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that read and hash. They start with the first task, end with the process, and keep it from ending only while they work. */
export class HashThreads {
  private readonly idle: Worker[] = [];
  private readonly waiting: Job[] = [];
  private started = 0;

  constructor(readonly count = Math.min(availableParallelism(), MOST_THREADS)) {}

  /** Carries the task out. The buffers are the thread's until it is done. Throws what reading threw. */
  run(task: HashTask): Promise<Hashed> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ task, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    const thread = this.idle.pop() ?? (this.started < this.count ? this.start() : null);
    if (thread !== null) this.give(thread, this.waiting.shift() as Job);
  }

  private start(): Worker {
    this.started += 1;
    return startThread(join(__dirname, 'hash-thread'), {});
  }

  private give(thread: Worker, { task, resolve, reject }: Job): void {
    const onMessage = (answer: HashAnswer): void => {
      thread.off('error', onError);
      thread.unref();
      this.idle.push(thread);
      if ('buffers' in answer) resolve(answer);
      else reject(Object.assign(new Error(answer.message), { code: answer.code }));
      this.next();
    };
    const onError = (error: Error): void => {
      thread.off('message', onMessage);
      this.started -= 1;
      reject(error);
      this.next();
    };
    thread.ref();
    thread.once('message', onMessage).once('error', onError);
    thread.postMessage(task, [task.buffers.data, task.buffers.digests]);
  }
}

/** Of this process: several transfers of one machine share its cores. */
export const hashThreads = new HashThreads();
