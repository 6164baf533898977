/** The innermost message of Temporal's chain of failures: the sentence that somebody wrote for a reader. */
export function sentenceOf(error: unknown): string {
  let current: unknown = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current instanceof Error ? current.message : String(current);
}
