import { printable } from '../domain/shown';

/** What was asked cannot be meant: exit code 2, as for an option that does not exist. */
export class WrongUsage extends Error {}

/** Prints the sentence that somebody wrote for a reader. */
export function reportFailure(error: unknown): void {
  const current = innermost(error);
  console.error(`foreshift: ${sentenceOf(current)}`);
  if (isConnectionTrouble(current)) console.error('Is the Temporal server up? "foreshift local up" starts one here; TEMPORAL_ADDRESS names another.');
  process.exitCode = current instanceof WrongUsage ? 2 : 1;
}

/** As it is printed: what a file or an argument holds may stand in it. */
export function sentenceOf(error: unknown): string {
  const current = innermost(error);
  return printable(current instanceof Error ? current.message : String(current));
}

/** Of Temporal's chain of failures, and of whatever else was caused. */
function innermost(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error && !isConnectionTrouble(current)) current = current.cause;
  return current;
}

function isConnectionTrouble(error: unknown): boolean {
  return error instanceof Error && /ECONNREFUSED|UNAVAILABLE|Failed to connect/.test(error.message);
}
