import { type Check, checkFields, flag, number, text, whole } from '../field-checks';
import { parseWorkloadTag, writeWorkloadTag } from '../profiles/workload-tag';
import type { ScalingPolicy } from './scaling-policy';
import { shown } from '../shown';

const LONGEST_MS = 24 * 3_600_000;
/** Keeps the input, which goes from run to run, below 64 KiB. */
const LONGEST_CALENDAR = 20_000;

const listOf =
  (most: number, item: Check, what: string): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= most && value.every((one) => item(one) === null) ? null : `a list of 1 to ${most} ${what}`;

const span = whole(500, LONGEST_MS);
const minutes = number(1, 1_440);
const interval: Check = (value) => {
  const [low, high] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  return typeof low === 'number' && typeof high === 'number' && low > 0 && low < high && high < 1 ? null : 'two rising probabilities within 0 and 1, such as [0.1, 0.9]';
};

const POLICY: Readonly<Record<keyof ScalingPolicy, Check>> = {
  bound: (value) => (value === 'lower' || value === 'upper' ? null : '"lower" or "upper"'),
  interval,
  sensitivity: number(0.1, 100),
  limitPercent: number(1, 100),
  burstPredictionIntervalMs: span,
  burstWithinMinutes: number(1, 1_440),
  burstLevel: number(0.01, 0.99),
  burstMinutes: minutes,
  leadMs: whole(0, LONGEST_MS),
  peakFactor: number(1, 100),
  usdPerOverloadedMinute: number(0, 1e6),
  keptMinutes: minutes,
  maximumAdded: whole(1, 1_000),
  cooldownMs: whole(0, LONGEST_MS),
  calmLooks: whole(1, 1_000),
  hysteresisShare: number(0, 0.9),
};

const nested =
  (check: (value: unknown) => string[], example: string): Check =>
  (value) => {
    const problems = check(value);
    return problems.length === 0 ? null : `${example} (${problems.join('; ')})`;
  };

const NOT_YET: Readonly<Record<string, string>> = {
  replicas: 'a request of provisionReplicas keeps the count that it was made with',
  credits: 'CPU credits are not switched by it',
};

function checkMeans(value: unknown): string[] {
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  if (kind === 'group') return checkFields(value, { kind: () => null, autoScalingGroup: text(255) }, ['autoScalingGroup'], 'it');
  const instance: Check = (one) => (typeof one === 'string' && /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(one) ? null : 'an instance id');
  if (kind === 'shape') return checkFields(value, { kind: () => null, instanceIds: listOf(20, instance, 'EC2 instance ids'), shapes: listOf(20, text(100), 'instance types, the smallest first') }, ['instanceIds', 'shapes'], 'it');
  const why = typeof kind === 'string' ? NOT_YET[kind] : undefined;
  return [`kind is ${kind === undefined ? 'missing' : shown(kind)}; expected "group" or "shape"${why === undefined ? '' : `: ${why}`}`];
}

function checkCalendar(value: unknown): string[] {
  const problems = checkFields(value, { ical: text(LONGEST_CALENDAR), events: text(LONGEST_CALENDAR), timeZone: text(100) }, [], 'it');
  const { ical, events } = (value ?? {}) as { readonly ical?: unknown; readonly events?: unknown };
  return problems.length === 0 && (ical === undefined) === (events === undefined) ? ['one of ical and events, and not both'] : problems;
}

const FIELDS: Readonly<Record<string, Check>> = {
  tag: (value) => {
    const tags = typeof value === 'string' ? parseWorkloadTag(value) : null;
    if (tags === null) return 'tags such as "app=web" or "app=web,tier=front", 5 at most';
    return writeWorkloadTag(tags) === value ? null : `its tags in their order: "${writeWorkloadTag(tags)}"`;
  },
  metric: (value) => (value === 'cpuPercent' || value === 'memoryPercent' ? null : '"cpuPercent" or "memoryPercent": what is scaled by is counted in percent'),
  mode: (value) => (value === 'observe' || value === 'act' ? null : '"observe" or "act"'),
  by: nested(checkMeans, '{"kind": "group", "autoScalingGroup": "web-asg"} or {"kind": "shape", "instanceIds": ["i-..."], "shapes": ["m7i.large", "m7i.xlarge"]}'),
  policy: nested((value) => checkFields(value, POLICY, [], 'the policy'), 'fields of the policy'),
  calendar: nested(checkCalendar, '{"ical": "BEGIN:VCALENDAR..."} or {"events": "[{...}]", "timeZone": "Europe/Berlin"}'),
  everyMs: span,
  rounds: whole(1, 1e6),
};

/** All that is wrong with the input of `scaleWorkload`, one sentence a field. */
export function checkScaleInput(input: unknown): string[] {
  return checkFields(input, FIELDS, ['tag', 'by'], 'scaleWorkload');
}

/** `stop` may be called without anything. */
export function checkStopScaling(args: unknown): string[] {
  return args === undefined ? [] : checkFields(args, { by: text(100), reason: text(500), keep: flag }, [], 'stop');
}
