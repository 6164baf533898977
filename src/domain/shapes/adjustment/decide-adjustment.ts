import type { ForecastsByMetric } from '../../forecast';
import type { SlaClass } from '../../queue/move-request';
import type { Shape } from '../../shape';
import type { BurstCredits } from '../../sizing/burst-credits';
import type { MoveEstimate } from '../../sizing/move-estimate';
import { sizeInstance, type SizingDecision, type SizingInput } from '../../sizing/size-instance';
import type { AdjustmentPolicy } from './adjustment-policy';
import type { AdjustmentState } from './adjustment-state';

/** One measured value of an instance, in percent of its present shape; null where a metric is not measured. */
export interface ObservedUse {
  readonly atMs: number;
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
}

export interface AdjustmentInput {
  readonly forecasts: ForecastsByMetric;
  /** In the order of time. */
  readonly observed: readonly ObservedUse[];
  readonly present: Shape;
  /** What it can become. */
  readonly candidates: readonly Shape[];
  readonly slaClass: SlaClass;
  readonly burst: BurstCredits | null;
  /** What a migration takes. */
  readonly estimate: MoveEstimate;
  readonly state: AdjustmentState;
  readonly policy: AdjustmentPolicy;
  readonly nowMs: number;
}

/** `in-place`: stop, change the type, start. `migrate`: to a replacement, with both running for a while. */
export type AdjustmentMeans = 'in-place' | 'migrate';

export type AdjustmentDecision =
  | { readonly kind: 'keep'; readonly reason: string }
  | (AdjustmentCost & { readonly kind: 'adjust'; readonly direction: 'up' | 'down'; readonly target: Shape; readonly means: AdjustmentMeans; readonly reason: string });

/** An instance's price before and after a change, and what is paid once, because both run for a while. USD. */
export interface AdjustmentCost {
  readonly usdPerHourBefore: number;
  readonly usdPerHourAfter: number;
  readonly oneOffUsd: number;
}

type Proposal = { readonly target: Shape; readonly means: AdjustmentMeans; readonly reason: string };

/**
 * Whether an instance should change its shape now. The forecast decides (`sizeInstance`: price, expected overload and moves over the horizon); around it stands what keeps a change
 * from being regretted: a smaller shape must be wanted for a while and must have held what was just seen, changes rest, and a load that no forecast
 * foresaw is followed by what is measured. Remember the state that comes back for the next decision.
 */
export function decideAdjustment(input: AdjustmentInput): { readonly decision: AdjustmentDecision; readonly state: AdjustmentState } {
  const { present, state, policy, nowMs } = input;
  const rest = nowMs - (state.changedAtMs ?? -Infinity);
  const calm: AdjustmentState = { ...state, wantsSmaller: null };
  const { proposal, reason } = propose(input);
  if (proposal === null || isLarger(proposal.target, present)) {
    const up = proposal ?? rescue(input);
    if (up === null) return { decision: { kind: 'keep', reason }, state: calm };
    if (rest < policy.upCooldownMs) return { decision: keep(`${up.target.name} is wanted, but the last change was ${minutes(rest)} ago`), state: calm };
    return { decision: adjust(input, up, 'up'), state: { ...calm, changedAtMs: nowMs } };
  }
  const wanted = largestWanted(input, proposal.target);
  const waiting: AdjustmentState = { ...state, wantsSmaller: wanted.memory };
  const hold = (why: string) => ({ decision: keep(`${wanted.target.name} is wanted, but ${why}`), state: waiting });
  if (rest < policy.downCooldownMs) return hold(`the last change was ${minutes(rest)} ago`);
  if (nowMs - wanted.memory.sinceMs < policy.downWindowMs) return hold(`only for ${minutes(nowMs - wanted.memory.sinceMs)}`);
  const highest = highestOn(input, wanted.target, policy.downWindowMs);
  if (highest >= policy.downThresholdPercent) return hold(`it would just have been at ${highest.toFixed(0)} %`);
  return { decision: adjust(input, { ...proposal, target: wanted.target }, 'down'), state: { ...calm, changedAtMs: nowMs } };
}

/** What the forecast says, by the cheaper of the means that are allowed; a change that is not due yet is none. */
function propose(input: AdjustmentInput): { readonly proposal: Proposal | null; readonly reason: string } {
  const { slaClass, policy, nowMs } = input;
  const ways: readonly { readonly means: AdjustmentMeans; readonly sizing: SizingDecision }[] = [
    { means: 'migrate', sizing: sizeInstance(sizingInput(input)) },
    ...(policy.inPlaceAllowed[slaClass] ? [{ means: 'in-place' as const, sizing: sizeInstance(inPlace(sizingInput(input), policy.inPlaceDowntimeMs)) }] : []),
  ];
  const best = ways.reduce((a, b) => (costOf(b.sizing) < costOf(a.sizing) ? b : a));
  const { sizing, means } = best;
  if (sizing.kind !== 'resize') return { proposal: null, reason: sizing.reason };
  if (!isDue(sizing, means === 'migrate' ? input.estimate.leadMs : policy.inPlaceDowntimeMs, policy.sizing.blockMs, nowMs)) return { proposal: null, reason: `not yet: ${sizing.reason}` };
  return { proposal: { target: sizing.target, means, reason: sizing.reason }, reason: sizing.reason };
}

/** Half a block early, for blocks are no exact times; and at once where it could serve no sooner, for a schedule changes nothing within the first block. */
function isDue({ startAtMs, neededAtMs }: { readonly startAtMs: number; readonly neededAtMs: number }, leadMs: number, blockMs: number, nowMs: number): boolean {
  return startAtMs <= nowMs + blockMs / 2 || neededAtMs <= nowMs + Math.max(1, Math.round(leadMs / blockMs)) * blockMs;
}

function sizingInput({ forecasts, present, candidates, slaClass, burst, estimate, state, policy, nowMs }: AdjustmentInput): SizingInput {
  const { cpu, memory, network } = policy.sizing.limitPercent;
  const margin = (metric: keyof AdjustmentState['margins']): number => state.margins[metric] ?? 1;
  const limitPercent = { cpu: cpu / margin('cpuPercent'), memory: memory / margin('memoryPercent'), network: network / margin('networkBytesPerSecond') };
  return {
    forecasts,
    present,
    candidates,
    slaClass,
    burst,
    estimate,
    restsUntilMs: state.changedAtMs === null ? -Infinity : state.changedAtMs + policy.upCooldownMs,
    cooldownMs: policy.downCooldownMs,
    policy: { ...policy.sizing, limitPercent },
    nowMs,
  };
}

/** In place nothing runs twice, and while it stops and starts all of its load is lost. */
function inPlace(input: SizingInput, downtimeMs: number): SizingInput {
  const disruption = downtimeMs / 60_000;
  return {
    ...input,
    estimate: { leadMs: downtimeMs, doubleRunningMs: 0, syncBytes: 0 },
    policy: { ...input.policy, disruptionMinutes: { critical: disruption, standard: disruption, relaxed: disruption } },
  };
}

function costOf(sizing: SizingDecision): number {
  return sizing.kind === 'unknown' ? Infinity : sizing.bestUsd;
}

/** Where every value of the up-window is above the threshold: the cheapest shape that brings the highest of them to the down-threshold, else the largest. */
function rescue(input: AdjustmentInput): Proposal | null {
  const { observed, candidates, present, policy, nowMs } = input;
  const recent = observed.filter(({ atMs }) => atMs > nowMs - policy.upWindowMs);
  if (recent.length === 0 || !recent.every((use) => useOn(use, present, present) > policy.upThresholdPercent)) return null;
  const larger = candidates.filter((shape) => isLarger(shape, present)).toSorted((a, b) => a.usdPerHour - b.usdPerHour);
  const target = larger.find((shape) => highestOn(input, shape, policy.upWindowMs) <= policy.downThresholdPercent) ?? larger.at(-1);
  if (target === undefined) return null;
  return { target, means: 'migrate', reason: `all values of the last ${minutes(policy.upWindowMs)} are above ${policy.upThresholdPercent} %, up to ${highestOn(input, present, policy.upWindowMs).toFixed(0)} %` };
}

/** The largest shape that was wanted since a smaller one first was (the stabilization of Kubernetes' HorizontalPodAutoscaler). */
function largestWanted({ state: { wantsSmaller }, candidates, present, nowMs }: AdjustmentInput, target: Shape): { readonly target: Shape; readonly memory: NonNullable<AdjustmentState['wantsSmaller']> } {
  const before = wantsSmaller === null ? undefined : candidates.find(({ name }) => name === wantsSmaller.shape);
  const largest = before !== undefined && before.name !== present.name && before.usdPerHour > target.usdPerHour ? before : target;
  return { target: largest, memory: { sinceMs: wantsSmaller?.sinceMs ?? nowMs, shape: largest.name } };
}

/** The highest use within a window, in percent of another shape. */
function highestOn({ observed, present, nowMs }: AdjustmentInput, shape: Shape, windowMs: number): number {
  return Math.max(0, ...observed.filter(({ atMs }) => atMs > nowMs - windowMs).map((use) => useOn(use, present, shape)));
}

/** The busier of CPU and memory, measured on one shape, in percent of another. */
function useOn({ cpuPercent, memoryPercent }: ObservedUse, measuredOn: Shape, shape: Shape): number {
  return Math.max(((cpuPercent ?? 0) * measuredOn.vcpus) / shape.vcpus, ((memoryPercent ?? 0) * measuredOn.memoryMiB) / shape.memoryMiB);
}

function isLarger(shape: Shape, present: Shape): boolean {
  return shape.vcpus > present.vcpus || shape.memoryMiB > present.memoryMiB;
}

function adjust(input: AdjustmentInput, { target, means, reason }: Proposal, direction: 'up' | 'down'): AdjustmentDecision {
  return { kind: 'adjust', direction, target, means, usdPerHourBefore: input.present.usdPerHour, usdPerHourAfter: target.usdPerHour, oneOffUsd: oneOffUsdOf(input, target, means), reason };
}

/** What a change costs once, in USD: the replacement runs beside the source for a while; in place nothing runs twice. */
export function oneOffUsdOf({ estimate }: Pick<AdjustmentInput, 'estimate'>, target: Shape, means: AdjustmentMeans): number {
  return means === 'in-place' ? 0 : (target.usdPerHour * estimate.doubleRunningMs) / 3_600_000;
}

function keep(reason: string): AdjustmentDecision {
  return { kind: 'keep', reason };
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
