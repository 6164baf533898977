/** What was asked cannot be meant: exit code 2, as for an option that does not exist. */
export class WrongUsage extends Error {}

/** Prints the sentence that somebody wrote for a reader: the innermost of Temporal's chain of failures. */
export function reportFailure(error: unknown): void {
  let current: unknown = error;
  while (current instanceof Error && current.cause instanceof Error && !isConnectionTrouble(current)) current = current.cause;
  const message = current instanceof Error ? current.message : String(current);
  console.error(`foreshift: ${message}`);
  if (isConnectionTrouble(current)) console.error('Is the Temporal server up? "foreshift local up" starts one here; TEMPORAL_ADDRESS names another.');
  process.exitCode = current instanceof WrongUsage ? 2 : 1;
}

function isConnectionTrouble(error: unknown): boolean {
  return error instanceof Error && /ECONNREFUSED|UNAVAILABLE|Failed to connect/.test(error.message);
}
