import { checkFields } from '../../field-checks';

const LONGEST_MS = 24 * 3_600_000;
const text = (value: unknown): string | null => (typeof value === 'string' && value.length > 0 && value.length <= 100 ? null : 'a text of 1 to 100 characters');

const usd = (value: unknown): string | null => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? null : 'USD, 0 or more');

function budget(value: unknown): string | null {
  const problems = checkFields(value, { maximumUsdPerHour: usd, maximumOneOffUsd: usd }, [], 'it');
  return problems.length === 0 ? null : `{"maximumUsdPerHour": 0.4, "maximumOneOffUsd": 0.1} (${problems.join('; ')})`;
}

const FIELDS = {
  instanceId: (value: unknown) => (typeof value === 'string' && /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(value) ? null : 'an EC2 instance id such as "i-0123456789abcdef0"'),
  mode: (value: unknown) => (value === 'observe' || value === 'act' ? null : '"observe" or "act"'),
  tradeoff: (value: unknown) => (typeof value === 'number' && value >= 0 && value <= 1 ? null : 'a number from 0 (cost alone) to 1 (performance alone)'),
  shapes: (value: unknown) => (Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every((one) => text(one) === null) ? null : 'a list of 1 to 100 instance types'),
  everyMs: (value: unknown) => (Number.isInteger(value) && (value as number) >= 500 && (value as number) <= LONGEST_MS ? null : `a whole number of milliseconds from 500 to ${LONGEST_MS}`),
  budget,
  rounds: (value: unknown) => (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 1e6 ? null : 'a whole number from 1 to 1000000'),
};

/** All that is wrong with the input of `adjustShape`, one sentence a field. */
export function checkAdjustInput(input: unknown): string[] {
  return checkFields(input, FIELDS, ['instanceId'], 'adjustShape');
}

const RESIZE = {
  instanceId: FIELDS.instanceId,
  shape: text,
  takeBack: (value: unknown) => (value === true ? null : 'true, or nothing'),
  budget,
  reason: (value: unknown) => (typeof value === 'string' && value.length > 0 && value.length <= 500 ? null : 'a text of 1 to 500 characters'),
};

/** All that is wrong with the input of `resizeInPlace`. */
export function checkResizeInput(input: unknown): string[] {
  const problems = checkFields(input, RESIZE, ['instanceId', 'reason'], 'resizeInPlace');
  if (problems.length > 0) return problems;
  const { shape, takeBack } = input as { readonly shape?: string; readonly takeBack?: true };
  return (shape === undefined) === (takeBack === undefined) ? [`shape is ${shape === undefined ? 'missing' : `"${shape}", beside takeBack`}; expected an instance type, or takeBack alone`] : [];
}
