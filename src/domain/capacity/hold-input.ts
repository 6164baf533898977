import { checkFields } from '../field-checks';
import { HOLD_MEANS, meansOf, type HoldMeans } from './hold-means';
import { NEED_FIELDS, templateField } from './replica-input';

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)`;
const INTERVAL = new RegExp(`^(${TIME})/(${TIME})$`);
const LONGEST_MS = 7 * 86_400_000;

/** Start and end of an ISO 8601 interval; null where it is none. */
export function readWindow(window: unknown): { readonly fromMs: number; readonly untilMs: number } | null {
  const found = typeof window === 'string' ? INTERVAL.exec(window) : null;
  if (found === null) return null;
  const [fromMs, untilMs] = [Date.parse(found[1] ?? ''), Date.parse(found[2] ?? '')];
  return Number.isNaN(fromMs) || Number.isNaN(untilMs) || untilMs <= fromMs || untilMs - fromMs > LONGEST_MS ? null : { fromMs, untilMs };
}

const { service: _, ...NEEDS } = NEED_FIELDS;

const FIELDS = {
  ...NEEDS,
  pool: (value: unknown) => (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/.test(value) ? null : 'the name of a service: letters, digits, ".", "_", "-" and blanks, up to 100 characters'),
  window: (value: unknown) => (readWindow(value) === null ? 'an ISO 8601 interval of up to 7 days, such as "2026-11-26T10:00:00Z/2026-11-26T12:00:00Z"' : null),
  dryRun: (value: unknown) => (typeof value === 'boolean' ? null : 'true or false'),
  template: templateField,
  leadMs: (value: unknown) => (typeof value === 'number' && value >= 0 && value <= 86_400_000 ? null : 'milliseconds from 0 to 86400000'),
  refreshMs: (value: unknown) => (typeof value === 'number' && value >= 500 && value <= 3_600_000 ? null : 'milliseconds from 500 to 3600000'),
  maximum: (value: unknown) => (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 100 ? null : 'a whole number from 1 to 100'),
  means: (value: unknown) => (Array.isArray(value) && value.length > 0 && new Set(value).size === value.length && value.every((one) => HOLD_MEANS.includes(one as HoldMeans)) ? null : `a list of some of ${HOLD_MEANS.join(', ')}, each once`),
  futureDated: (value: unknown) => (typeof value === 'boolean' ? null : 'true or false'),
  commitmentDays: (value: unknown) => (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 365 ? null : 'a whole number of days from 1 to 365'),
  acceptCommitmentUsd: (value: unknown) => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? null : 'USD, 0 or more'),
  autoScalingGroup: (value: unknown) => (typeof value === 'string' && value.length > 0 && value.length <= 255 ? null : 'the name of an Auto Scaling group'),
};

/** All that is wrong with the input of `preAllocateCapacity`, one sentence a field. */
export function checkHoldInput(input: unknown): string[] {
  const problems = checkFields(input, FIELDS, ['pool', 'window'], 'preAllocateCapacity');
  if (problems.length > 0) return problems;
  const { means, autoScalingGroup, futureDated, demand } = input as { readonly means?: readonly HoldMeans[]; readonly autoScalingGroup?: string; readonly futureDated?: boolean; readonly demand?: unknown };
  if (means?.includes('auto-scaling') === true && autoScalingGroup === undefined) return ['autoScalingGroup is missing; expected the name of the group that "auto-scaling" in means raises'];
  if (means?.includes('auto-scaling') === false && autoScalingGroup !== undefined) return [`autoScalingGroup is "${autoScalingGroup}", and means has no "auto-scaling"; expected both or neither`];
  if (futureDated === true && demand === undefined) return ['demand is missing; futureDated needs it, for no forecast reaches 5 days ahead'];
  if (futureDated === true && !meansOf({ means, autoScalingGroup }).includes('reservation')) return ['futureDated is true, and means has no "reservation"; expected it among them'];
  return [];
}
