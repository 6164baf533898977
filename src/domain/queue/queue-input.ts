import { type Check, checkFields, flag, number, text, whole } from '../field-checks';
import type { QueuePolicy } from './queue-policy';

/*
 * What is wrong with the queue's inputs and messages, one sentence a field; empty where nothing is. They are checked in the workflow as well
 * as at the command line, so that a message from the Temporal UI gets the same sentence.
 */

/** Milliseconds since 1970 that a `Date` can hold. */
const LAST_MS = 8.64e15;
const LONGEST_MS = 366 * 86_400_000;
/** Keeps a batch, and its answers, below 64 KiB. */
export const MOST_REQUESTS_IN_BATCH = 100;
export const MOST_OUTLOOKS = 500;

const orNull =
  (check: Check): Check =>
  (value) => {
    const expected = value === null ? null : check(value);
    return expected === null ? null : `${expected}, or null`;
  };
const listOf =
  (most: number, item: Check, what: string): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every((one) => item(one) === null) ? null : `a list of at most ${most} ${what}`;
const time: Check = (value) => (typeof value === 'number' && value >= 0 && value <= LAST_MS ? null : 'a time in ms since 1970');
const duration = whole(0, LONGEST_MS);
const instanceId: Check = (value) => (typeof value === 'string' && /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(value) ? null : 'an EC2 instance id such as "i-0123456789abcdef0"');
const names = listOf(20, text(100), 'names');

const REQUEST: Readonly<Record<string, Check>> = {
  itemId: text(100),
  instanceId,
  name: text(256),
  service: text(256),
  slaClass: (value) => (value === 'critical' || value === 'standard' || value === 'relaxed' ? null : '"critical", "standard" or "relaxed"'),
  sourcePool: text(100),
  targetPool: orNull(text(100)),
  impactMinutes: number(0, 1e9),
  notBeforeMs: time,
  deadlineAtMs: orNull(time),
  costUsd: number(0, 1e6),
  reason: text(5_000),
  requestedBy: text(100),
  decisionId: orNull(text(200)),
  onlyIfContended: flag,
  zones: names,
  shapes: names,
};

/** All fields are needed: a request that leaves one out would be ordered by a guess. */
export function checkMoveRequest(request: unknown): string[] {
  return checkFields(request, REQUEST, Object.keys(REQUEST), 'a move request');
}

/** The envelope alone: each request is checked, and answered, by itself. */
export function checkBatch(args: unknown): string[] {
  return checkFields(args, { requests: listOf(MOST_REQUESTS_IN_BATCH, () => null, 'move requests') }, ['requests'], 'enqueue');
}

const SELECTOR = { itemId: text(100), instanceId, decisionId: text(200) };
const BY_AND_REASON = { by: text(100), reason: text(500) };

export function checkCancel(args: unknown): string[] {
  return [...checkFields(args, { ...SELECTOR, ...BY_AND_REASON }, ['reason'], 'cancel'), ...selectorProblems(args)];
}

export function checkReprioritize(args: unknown): string[] {
  const values = { impactMinutes: number(0, 1e9), deadlineAtMs: orNull(time), weight: number(0.001, 1_000) };
  const problems = checkFields(args, { ...SELECTOR, ...values, ...BY_AND_REASON }, [], 'reprioritize');
  const none = isObject(args) && Object.keys(values).every((name) => args[name] === undefined);
  return [...problems, ...selectorProblems(args), ...(none ? ['nothing to change; expected impactMinutes, deadlineAtMs or weight'] : [])];
}

export function checkPause(args: unknown): string[] {
  return checkFields(args, { ...BY_AND_REASON, holdRunning: flag }, ['reason'], 'pause');
}

/** `resume` and `unfreeze` take nothing but who says it; both may be called without anything. */
export function checkPlainCommand(args: unknown, what: string): string[] {
  return args === undefined ? [] : checkFields(args, BY_AND_REASON, [], what);
}

/** A freeze must end after now, and after it begins. */
export function checkFreeze(args: unknown, nowMs: number): string[] {
  const problems = checkFields(args, { ...BY_AND_REASON, fromMs: time, untilMs: time }, ['untilMs', 'reason'], 'freeze');
  if (problems.length > 0) return problems;
  const { fromMs = nowMs, untilMs } = args as { fromMs?: number; untilMs: number };
  return untilMs > Math.max(fromMs, nowMs) ? [] : [`untilMs is ${untilMs}; expected a time to come, after fromMs (${fromMs})`];
}

const OUTLOOK = { instanceId, contended: flag, impactMinutes: number(0, 1e9), onsetAtMs: orNull(time), serviceDisturbed: flag };

export function checkOutlooks(args: unknown): string[] {
  const problems = checkFields(args, { outlooks: listOf(MOST_OUTLOOKS, () => null, 'outlooks') }, ['outlooks'], 'predict');
  if (problems.length > 0) return problems;
  return (args as { outlooks: readonly unknown[] }).outlooks.flatMap((outlook) => checkFields(outlook, OUTLOOK, Object.keys(OUTLOOK), 'an outlook'));
}

/** What a migration tells; anybody may send it. */
export function checkMoveEnded(args: unknown): string[] {
  const outcomes = ['moved', 'failed', 'aborted', 'refused'];
  const outcome: Check = (value) => (outcomes.includes(value as string) ? null : outcomes.join(', '));
  const anyText: Check = (value) => (typeof value === 'string' ? null : 'a text');
  return checkFields(args, { itemId: text(100), outcome, replacementId: orNull(anyText), toPool: orNull(anyText), reason: anyText }, ['itemId', 'outcome', 'replacementId', 'toPool', 'reason'], 'moveEnded');
}

const CONCURRENT = { fleet: whole(0, 1_000), pool: whole(0, 1_000), service: whole(0, 1_000) };
const clock: Check = (value) => (typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? null : 'a time such as "22:30"');
const WINDOW = { timeZone: text(100), weekdays: listOf(7, whole(1, 7), 'weekdays from 1 (Monday) to 7 (Sunday)'), from: clock, to: clock };
const FREEZE = { fromMs: time, untilMs: time, reason: text(500) };
const each =
  (most: number, fields: Readonly<Record<string, Check>>, what: string): Check =>
  (value) => {
    if (!Array.isArray(value) || value.length > most) return `a list of at most ${most} ${what}s`;
    const problems = value.flatMap((one) => checkFields(one, fields, Object.keys(fields), `a ${what}`));
    return problems.length === 0 ? null : `${what}s without fault: ${problems.join('; ')}`;
  };

const POLICY: Readonly<Record<keyof QueuePolicy, Check>> = {
  maxConcurrent: (value) => {
    const problems = checkFields(value, CONCURRENT, Object.keys(CONCURRENT), 'maxConcurrent');
    return problems.length === 0 ? null : `{"fleet": 4, "pool": 2, "service": 1}: ${problems.join('; ')}`;
  },
  maxMovesPerHour: whole(0, 10_000),
  maxCostUsdPerDay: number(0, 1e9),
  windows: each(50, WINDOW, 'window'),
  freezes: each(50, FREEZE, 'freeze'),
  cooldownMs: duration,
  noReturnMs: duration,
  breakerFailures: whole(1, 1_000),
  minHealthyOthers: whole(0, 1_000),
  ageingMs: whole(1_000, LONGEST_MS),
  maxWaitMs: whole(60_000, LONGEST_MS),
  heldTooLongMs: whole(1_000, LONGEST_MS),
  reserveAheadMs: whole(0, 6 * 3_600_000),
};

/** A policy, or the part of one that differs from the default. */
export function checkPolicy(policy: unknown): string[] {
  return checkFields(policy, POLICY, [], 'the queue policy');
}

/** The arguments of `configure`: a policy's fields, and who says it. */
export function checkConfigure(args: unknown): string[] {
  return checkFields(args, { ...POLICY, by: text(100) }, [], 'the queue policy');
}

/** The input of `migrationQueue`. */
export function checkQueueInput(input: unknown): string[] {
  const fields = { fleet: text(100), policy: () => null, continueAfterEvents: whole(100, 40_000), lookEveryMs: whole(500, 3_600_000) };
  const policy = isObject(input) && input['policy'] !== undefined ? checkPolicy(input['policy']) : [];
  return [...checkFields(input, fields, ['fleet'], 'migrationQueue'), ...policy];
}

function selectorProblems(args: unknown): string[] {
  const named = isObject(args) && Object.keys(SELECTOR).some((name) => args[name] !== undefined);
  return named ? [] : ['no item is named; expected itemId, instanceId or decisionId'];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
