import { type Check, checkFields, flag } from './field-checks';
import { isOwnedCapacity } from './owned-capacity';
import { SYNC_STRATEGIES } from './sync-strategy';

/* Checks the one JSON object that starts a migration. */

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;
const LONGEST_MS = 7 * 86_400_000;

const text: Check = (value) => (typeof value === 'string' && value.length > 0 && value.length <= 500 ? null : 'a text of 1 to 500 characters');
const duration: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LONGEST_MS ? null : `milliseconds from 0 to ${LONGEST_MS}`;
const oneOf =
  (...allowed: string[]): Check =>
  (value) =>
    typeof value === 'string' && allowed.includes(value) ? null : `one of ${allowed.map((name) => `"${name}"`).join(', ')}`;
export const texts: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.length <= 50 && value.every((item) => text(item) === null) ? null : 'a list of 1 to 50 texts';

export const instanceId: Check = (value) => (typeof value === 'string' && INSTANCE_ID.test(value) ? null : 'an EC2 instance id such as "i-0123456789abcdef0"');

/** Ramp steps rise and end with everything, or the source would be retired while it still serves. */
export const rampSteps: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= 50 &&
  value.every((step: unknown, i) => typeof step === 'number' && step > 0 && step <= 100 && (i === 0 || step > (value[i - 1] as number))) &&
  value.at(-1) === 100
    ? null
    : 'a list of rising percentages above 0 that ends with 100, such as [5, 25, 50, 100]';

export const stepDuration: Check = (value) => (duration(value) === null && (value as number) >= 500 ? null : `milliseconds from 500 to ${LONGEST_MS}`);

const FIELDS: Readonly<Record<string, Check>> = {
  instanceId,
  dryRun: flag,
  approval: oneOf('none', 'required', 'earned'),
  approvalTimeoutMs: duration,
  onlyIfContended: flag,
  reason: text,
  trigger: oneOf('operator', 'alarm', 'tick', 'queue'),
  zones: texts,
  into: (value) => (typeof value === 'string' && isOwnedCapacity(value) ? null : 'a dedicated host or a capacity reservation such as "h-0123456789abcdef0" or "cr-0123456789abcdef0"'),
  avoidZones: texts,
  shapes: texts,
  rampStepsPercent: rampSteps,
  rampStepMs: stepDuration,
  bakeMs: duration,
  sync: oneOf(...SYNC_STRATEGIES),
  maxPauseMs: (value) => (duration(value) === null && (value as number) >= 10 && (value as number) <= 60_000 ? null : 'milliseconds from 10 to 60000'),
  withoutEvidence: oneOf('goBack', 'askOperator'),
  probePath: (value) => (typeof value === 'string' && /^\/[\x21-\x7e]{0,500}$/.test(value) ? null : 'a URL path that begins with "/"'),
  region: text,
  kmsKeyId: text,
  queueId: text,
  queueItemId: text,
  reservation: (value) => (checkFields(value, { reservationId: text, zone: text, shape: text }, ['reservationId', 'zone', 'shape'], 'reservation').length === 0 ? null : '{"reservationId": "cr-...", "zone": "...", "shape": "..."}'),
};

/** All that is wrong with the input, one sentence a field; empty when it is right. */
export function checkMigrationInput(input: unknown): string[] {
  const problems = checkFields(input, FIELDS, ['instanceId'], 'migrateInstance');
  const { region, kmsKeyId } = (input ?? {}) as Record<string, unknown>;
  return kmsKeyId !== undefined && region === undefined ? [...problems, 'kmsKeyId is for what is copied to another region; expected region beside it'] : problems;
}
