import type { ForecastsByMetric } from '../forecast';
import type { SlaClass } from '../queue/move-request';
import type { Shape } from '../shape';
import type { BurstCredits } from './burst-credits';
import type { MoveEstimate } from './move-estimate';
import { overloadChance } from './overload-chance';
import { planShapeSchedule, type ShapeSchedule } from './shape-schedule';
import type { SizingPolicy } from './sizing-policy';

export interface SizingInput {
  readonly forecasts: ForecastsByMetric;
  readonly present: Shape;
  /** Shapes that it may become; the present one need not be among them. */
  readonly candidates: readonly Shape[];
  readonly slaClass: SlaClass;
  readonly burst: BurstCredits | null;
  readonly estimate: MoveEstimate;
  /** No move may begin before: a cooldown after the last one. */
  readonly restsUntilMs: number;
  /** How long an instance rests after a move. */
  readonly cooldownMs: number;
  readonly policy: SizingPolicy;
  readonly nowMs: number;
}

/** What is best for one instance, in money and expected minutes over the policy's horizon, and why. */
export type SizingDecision =
  | { readonly kind: 'unknown'; readonly reason: string }
  | (SizingFacts & { readonly kind: 'stay'; readonly reason: string })
  | (SizingFacts & {
      readonly kind: 'resize';
      readonly target: Shape;
      /** The latest start that brings the new shape in time; now where it is due. */
      readonly startAtMs: number;
      /** When the new shape is wanted. */
      readonly neededAtMs: number;
      readonly reason: string;
    });

export interface SizingFacts {
  readonly stayUsd: number;
  readonly bestUsd: number;
  readonly stayOverloadMinutes: number;
  readonly bestOverloadMinutes: number;
}

/** Weighs staying against every other shape and every time of change. */
export function sizeInstance(input: SizingInput): SizingDecision {
  const { forecasts, present, slaClass, estimate, policy, nowMs } = input;
  const shapes = [present, ...input.candidates.filter(({ name }) => name !== present.name)];
  const hourly = overloadUsdPerHour(present, slaClass, policy);
  const options = shapes.flatMap((shape) => {
    const chance = overloadChance(forecasts, present, shape, policy, nowMs, input.burst);
    return chance === null ? [] : [{ shape, usdPerHour: shape.usdPerHour, chance, moveUsd: moveUsd(shape, estimate, hourly, slaClass, policy) }];
  });
  if (options.length === 0) return { kind: 'unknown', reason: 'there is no forecast of it that reaches beyond now' };
  const { blockMs } = policy;
  const mayStartAtMs = Math.max(nowMs, input.restsUntilMs);
  // Rounded, not up: a start that comes a little after the block begins is still worth it.
  const earliestBlock = Math.round((mayStartAtMs + estimate.leadMs - nowMs) / blockMs);
  const schedule = planShapeSchedule({
    options,
    present: 0,
    blockMs,
    earliestBlock,
    dwellBlocks: Math.ceil((estimate.doubleRunningMs + input.cooldownMs) / blockMs),
    overloadUsdPerHour: hourly,
  });
  const facts = { stayUsd: schedule.stayUsd, bestUsd: schedule.usd, stayOverloadMinutes: schedule.stayOverloadMinutes, bestOverloadMinutes: schedule.overloadMinutes };
  const [first] = schedule.changes;
  const target = first === undefined ? undefined : options[first.option];
  if (first === undefined || target === undefined) return { kind: 'stay', ...facts, reason: reasonToStay(present, schedule, shapes.length) };
  if (schedule.stayUsd - schedule.usd < policy.minGainRatio * schedule.stayUsd) {
    return { kind: 'stay', ...facts, reason: `${target.shape.name} would save ${usd(schedule.stayUsd - schedule.usd)} of ${usd(schedule.stayUsd)}: less than the ${policy.minGainRatio * 100} % that a move is worth` };
  }
  const neededAtMs = nowMs + first.block * policy.blockMs;
  return {
    kind: 'resize',
    ...facts,
    target: target.shape,
    neededAtMs,
    // What is wanted at the earliest begins at the earliest: blocks move on with every decision, and a start in minutes would for ever be minutes away.
    startAtMs: first.block <= earliestBlock ? mayStartAtMs : neededAtMs - estimate.leadMs,
    reason: `${target.shape.name} from ${minutes((neededAtMs - nowMs) / 60_000)} on: ${describe(present, schedule)}`,
  };
}

/** What an hour of overload is worth, in USD. */
export function overloadUsdPerHour(present: Shape, slaClass: SlaClass, { overloadCostRatio }: SizingPolicy): number {
  return present.usdPerHour * overloadCostRatio[slaClass];
}

/** What moving to a shape costs, in USD: both run for a while, and the move itself may disturb. */
export function moveUsd(target: Shape, { doubleRunningMs }: MoveEstimate, overloadHourUsd: number, slaClass: SlaClass, { disruptionMinutes }: SizingPolicy): number {
  return (target.usdPerHour * doubleRunningMs) / 3_600_000 + (overloadHourUsd * disruptionMinutes[slaClass]) / 60;
}

function reasonToStay(present: Shape, { stayUsd, stayOverloadMinutes }: ShapeSchedule, shapes: number): string {
  const alone = shapes === 1 ? 'there is no other shape to take' : 'no other shape is worth a move';
  return `${present.name} costs ${usd(stayUsd)} with ${minutes(stayOverloadMinutes)} expected overload: ${alone}`;
}

function describe(present: Shape, { usd: best, stayUsd, overloadMinutes, stayOverloadMinutes }: ShapeSchedule): string {
  return `staying on ${present.name} costs ${usd(stayUsd)} with ${minutes(stayOverloadMinutes)} expected overload, changing ${usd(best)} with ${minutes(overloadMinutes)}`;
}

function usd(amount: number): string {
  return `${amount.toFixed(2)} USD`;
}

function minutes(amount: number): string {
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} min`;
}
