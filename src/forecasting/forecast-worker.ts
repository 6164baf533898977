import { parentPort, workerData } from 'node:worker_threads';
import { answerRequests } from './answer-requests';
import { createKeptModels } from './kept-models';
import type { WorkerAnswer, WorkerOptions, WorkerTask } from './worker-messages';

/** The thread's side of the forecast engine: answers one task after the other. */
const { keptValues } = workerData as WorkerOptions;
const keptModels = keptValues > 0 ? createKeptModels(keptValues) : undefined;

parentPort?.on('message', (task: WorkerTask) => {
  void answerRequests(task.requests, keptModels)
    .then((answers): WorkerAnswer => ({ id: task.id, answers }))
    .catch((error: unknown): WorkerAnswer => {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const field = error instanceof Error && 'field' in error ? String(error.field) : undefined;
      return { id: task.id, error: { name, message, ...(field === undefined ? {} : { field }) } };
    })
    .then((answer) => parentPort?.postMessage(answer));
});
