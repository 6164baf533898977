import { checkFields, flag, number, text, type Check } from './field-checks';
import { instanceId, stepDuration, texts } from './migration-input';
import { SYNC_STRATEGIES, isHandedOver, type SyncStrategy } from './sync-strategy';

const STRATEGIES: readonly unknown[] = SYNC_STRATEGIES.filter((strategy) => !isHandedOver(strategy));

/** A rehearsal is not to be a move. */
export const MOST_SHARE_PERCENT = 50;

const FIELDS: Readonly<Record<string, Check>> = {
  instanceId,
  pool: text(100),
  dryRun: flag,
  sync: (value) => (STRATEGIES.includes(value) ? null : `one of ${STRATEGIES.map((name) => `"${String(name)}"`).join(', ')}`),
  sharePercent: number(0.1, MOST_SHARE_PERCENT),
  stepMs: stepDuration,
  zones: texts,
  shapes: texts,
  reason: text(500),
};

/** All that is wrong with the input of `rehearseRollback`, one sentence a field. */
export function checkRehearsalInput(input: unknown): string[] {
  const problems = checkFields(input, FIELDS, [], 'rehearseRollback');
  const given = (input ?? {}) as { readonly instanceId?: unknown; readonly pool?: unknown };
  if (problems.length === 0 && (given.instanceId === undefined) === (given.pool === undefined)) problems.push('one of instanceId and pool is expected, such as {"instanceId": "i-0123456789abcdef0"}');
  return problems;
}

/**
 * How much of the source's traffic its shadow may be given in a rehearsal, in percent. What a shadow is told to write in it is lost on the way back, which is certain
 * to come: only a service that keeps nothing of its own (`none`) is given any.
 */
export function shareInRehearsal(sync: SyncStrategy, wantedPercent: number): number {
  return sync === 'none' ? wantedPercent : 0;
}
