/** The queue that every Foreshift worker polls unless it is told otherwise. */
export const DEFAULT_TASK_QUEUE = 'foreshift';

/** The queue of another region than the workers' own: what stands there is done with that region's AWS. */
export function regionTaskQueue(taskQueue: string, region: string): string {
  return `${taskQueue}-${region}`;
}
