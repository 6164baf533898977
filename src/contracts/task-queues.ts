/** The queue that every Foreshift worker polls unless it is told otherwise. */
export const DEFAULT_TASK_QUEUE = 'foreshift';
