import { checkFields, text, type Check } from '../field-checks';
import { RECOVERY_WAYS } from './assess-move';

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

const FIELDS: Readonly<Record<string, Check>> = {
  instanceId: (value) => (typeof value === 'string' && INSTANCE_ID.test(value) ? null : 'an EC2 instance id such as "i-0123456789abcdef0"'),
  way: (value) => (RECOVERY_WAYS.some((way) => way === value) ? null : `one of ${RECOVERY_WAYS.map((way) => `"${way}"`).join(', ')}`),
  reason: text(500),
  actor: text(100),
};

/** All that is wrong with the input of `recoverMigration`, one sentence a field. */
export function checkRecoverInput(input: unknown): string[] {
  return checkFields(input, FIELDS, ['instanceId'], 'recoverMigration');
}
