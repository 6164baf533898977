import type { EnqueueAnswer } from './enqueue';

/** How many requests a queue took, how many it knew already, and what it said of the others. */
export interface AnswerTally {
  readonly queued: number;
  readonly duplicates: number;
  /** Item and reason of each. */
  readonly refusals: readonly string[];
}

/** Counts a queue's answers. */
export function tallyAnswers(answers: readonly EnqueueAnswer[]): AnswerTally {
  return {
    queued: answers.filter(({ kind }) => kind === 'queued').length,
    duplicates: answers.filter(({ kind }) => kind === 'duplicate').length,
    refusals: answers.flatMap((answer) => (answer.kind === 'refused' ? [`${answer.itemId}: ${answer.reason}`] : [])),
  };
}
