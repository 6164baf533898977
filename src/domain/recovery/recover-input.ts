import { checkFields, text, type Check } from '../field-checks';
import { instanceId } from '../migration-input';
import { RECOVERY_WAYS } from './assess-move';

const FIELDS: Readonly<Record<string, Check>> = {
  instanceId,
  way: (value) => (RECOVERY_WAYS.some((way) => way === value) ? null : `one of ${RECOVERY_WAYS.map((way) => `"${way}"`).join(', ')}`),
  reason: text(500),
  actor: text(100),
};

/** All that is wrong with the input of `recoverMigration`, one sentence a field. */
export function checkRecoverInput(input: unknown): string[] {
  return checkFields(input, FIELDS, ['instanceId'], 'recoverMigration');
}
