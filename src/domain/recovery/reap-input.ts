import { checkFields, flag, text, whole, type Check } from '../field-checks';

const WEEK_MS = 7 * 86_400_000;
const owners: Check = (value) => (Array.isArray(value) && value.length <= 50 && value.every((one) => text(300)(one) === null) ? null : 'a list of at most 50 workflow ids');

const FIELDS: Readonly<Record<string, Check>> = {
  dryRun: flag,
  graceMs: whole(1_000, WEEK_MS),
  mostActs: whole(1, 500),
  region: text(100),
  confirmedGone: owners,
  recover: flag,
  actor: text(100),
};

/** All that is wrong with the input of `reapOrphans`, one sentence a field. */
export function checkReapInput(input: unknown): string[] {
  return checkFields(input, FIELDS, [], 'reapOrphans');
}
