const EVERY_MS = 60_000;

export interface Backlogs {
  readonly taskQueues: readonly string[];
  readonly backlogOf: (taskQueue: string) => Promise<number>;
  readonly put: (taskQueue: string, tasks: number) => Promise<void>;
  readonly log: (text: string) => void;
}

/** Tells every minute how many tasks wait on each queue, until it is ended. What fails is told again a minute later: a worker does not end by it. */
export function keepTellingBacklog({ taskQueues, backlogOf, put, log }: Backlogs, everyMs = EVERY_MS): () => void {
  const tell = async (taskQueue: string): Promise<void> => put(taskQueue, await backlogOf(taskQueue));
  const timer = setInterval(() => {
    for (const taskQueue of taskQueues) tell(taskQueue).catch((error: unknown) => log(`the backlog of ${taskQueue} was not told: ${String(error)}`));
  }, everyMs);
  return () => clearInterval(timer);
}
