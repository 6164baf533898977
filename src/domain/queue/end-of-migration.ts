import type { MoveEnd } from './move-events';

/** A migration's result, as far as the queue needs it. */
export interface MigrationEnding {
  readonly kind: string;
  readonly error?: string;
  readonly reasons?: readonly string[];
  readonly replacementId?: string;
  readonly zone?: string;
}

/** What a migration's result is to the queue. One that ended without having changed anything is refused, no failure. */
export function endOfMigration({ kind, error, reasons, replacementId, zone }: MigrationEnding): MoveEnd {
  const reason = reasons?.join('; ') ?? '';
  if (kind === 'Completed') return { outcome: 'moved', replacementId: replacementId ?? null, toPool: zone ?? null, reason };
  if (kind === 'Refused') return { outcome: error === 'Aborted' ? 'aborted' : 'refused', replacementId: null, toPool: null, reason: `${error ?? 'refused'}: ${reason}` };
  return { outcome: 'failed', replacementId: null, toPool: null, reason: `${kind}: ${reason}` };
}

/** Types of failure with which a migration ends before it has begun anything. */
const REFUSALS = ['InvalidInput', 'NotFound', 'Unauthorized', 'QuotaExceeded', 'Conflict', 'StaleDecision', 'BudgetExceeded'];

/** The same of a migration that failed: by its type and sentence. */
export function endOfFailure(type: string | null, sentence: string): MoveEnd {
  const outcome = type !== null && REFUSALS.includes(type) ? 'refused' : 'failed';
  return { outcome, replacementId: null, toPool: null, reason: type === null ? sentence : `${type}: ${sentence}` };
}
