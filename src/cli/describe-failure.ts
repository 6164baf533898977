/** How a saga that did not come to its end ended: the same words for every one. */
export type SagaFailure =
  | { readonly kind: 'Refused'; readonly error: string; readonly reasons: readonly string[] }
  | { readonly kind: 'RolledBack'; readonly phase: string; readonly reasons: readonly string[] }
  | { readonly kind: 'NeedsOperator'; readonly phase: string; readonly reasons: readonly string[]; readonly left: readonly string[] };

/** In words, for a reader. */
export function describeFailure(failure: SagaFailure): string {
  switch (failure.kind) {
    case 'Refused':
      return `refused (${failure.error}):\n${list(failure.reasons)}`;
    case 'RolledBack':
      return `rolled back from phase ${failure.phase}; everything is as it was:\n${list(failure.reasons)}`;
    case 'NeedsOperator':
      return `an operator is needed (phase ${failure.phase}):\n${list(failure.reasons)}\nleft:\n${list(failure.left)}`;
  }
}

/** One line each. */
export function list(lines: readonly string[]): string {
  return lines.length === 0 ? '  (nothing)' : lines.map((line) => `  - ${line}`).join('\n');
}
