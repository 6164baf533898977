import { type Check, checkFields, flag } from '../field-checks';
import type { FleetPlanPolicy } from './plan-policy';

const number =
  (least: number, most: number, what: string): Check =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most ? null : `${what} from ${least} to ${most}`;
const duration = number(0, 30 * 86_400_000, 'milliseconds');
const positiveDuration = number(60_000, 30 * 86_400_000, 'milliseconds');
const percent = number(1, 100, 'a percentage');
const group: Check = (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'an object');
const classes = (check: Check): Readonly<Record<string, Check>> => ({ critical: check, standard: check, relaxed: check });

const FIELDS: Readonly<Record<string, Check>> = {
  sizing: group,
  durations: group,
  durationQuantile: number(0.5, 1, 'a probability'),
  transferBytesPerSecond: number(1, 1e12, 'bytes a second'),
  maxMoves: (value) => (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 500 ? null : 'a whole number from 0 to 500'),
  maxMoveUsd: number(0, 1e6, 'USD'),
  cooldownMs: duration,
  noReturnMs: duration,
  noShrinkBackMs: duration,
  poolQuantile: number(0.5, 0.999, 'a probability'),
  poolLimitPercent: percent,
  startEarlyMs: duration,
  shrink: flag,
};
const SIZING: Readonly<Record<string, Check>> = {
  horizonMs: positiveDuration,
  blockMs: positiveDuration,
  limitPercent: group,
  overloadCostRatio: group,
  disruptionMinutes: group,
  minGainRatio: number(0, 1, 'a ratio'),
};
const GROUPS: readonly { readonly path: readonly string[]; readonly fields: Readonly<Record<string, Check>> }[] = [
  { path: [], fields: FIELDS },
  { path: ['sizing'], fields: SIZING },
  { path: ['sizing', 'limitPercent'], fields: { cpu: percent, memory: percent, network: percent } },
  { path: ['sizing', 'overloadCostRatio'], fields: classes(number(1, 10_000, 'a ratio')) },
  { path: ['sizing', 'disruptionMinutes'], fields: classes(number(0, 1_440, 'minutes')) },
  { path: ['durations'], fields: { launchMs: duration, syncMs: duration, rampMs: duration, bakeMs: duration } },
];

/** All that is wrong with a policy's JSON, one sentence a field; empty where it is right. Whatever is left out keeps its default. */
export function checkPlanPolicy(input: unknown): string[] {
  return GROUPS.flatMap(({ path, fields }) => {
    const part = path.reduce<unknown>((value, key) => (group(value) === null ? (value as Record<string, unknown>)[key] : undefined), input);
    if (part === undefined && path.length > 0) return [];
    if (path.length > 0 && group(part) !== null) return [];
    return checkFields(part, fields, [], ['policy', ...path].join('.'));
  });
}

/** What `checkPlanPolicy` found nothing wrong with: a policy of which parts are left out, at any depth. */
export type PlanPolicyChanges = DeepPartial<FleetPlanPolicy>;

type DeepPartial<T> = { readonly [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] };

/** A policy with some of its values changed. */
export function changePlanPolicy(policy: FleetPlanPolicy, changes: PlanPolicyChanges): FleetPlanPolicy {
  return merge(policy, changes) as FleetPlanPolicy;
}

function merge(value: unknown, change: unknown): unknown {
  if (change === undefined) return value;
  if (typeof value !== 'object' || value === null || typeof change !== 'object' || change === null) return change;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, merge(own, (change as Record<string, unknown>)[key])]));
}
