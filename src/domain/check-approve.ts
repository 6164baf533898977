import { checkFields, text } from './field-checks';

/** All that is wrong with what `approve` brings, of a move and of a plan. */
export function checkApprove(args: unknown): string[] {
  return checkFields(args, { planHash: text(200), by: text(100) }, ['planHash'], 'approve');
}
