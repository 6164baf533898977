import { decideAdjustment, oneOffUsdOf, type AdjustmentDecision, type AdjustmentInput } from './decide-adjustment';
import type { AdjustmentState } from './adjustment-state';

/** What one instance may cost, in USD. */
export interface ShapeBudget {
  /** An hour; a larger shape that costs more is not taken. */
  readonly maximumUsdPerHour?: number;
  /** Once, for the change itself. */
  readonly maximumOneOffUsd?: number;
}

export interface BudgetedDecision {
  readonly decision: AdjustmentDecision;
  readonly state: AdjustmentState;
  /** What would have been decided without the budget, with its sum; null: the same. */
  readonly beyondBudget: string | null;
}

/** `decideAdjustment` among what the budget allows; where that is not what would be best, it says so. */
export function decideWithinBudget(input: AdjustmentInput, budget: ShapeBudget): BudgetedDecision {
  const free = decideAdjustment(input);
  const beyondBudget = beyond(free.decision, budget);
  if (beyondBudget === null) return { ...free, beyondBudget };
  const { present, policy, slaClass } = input;
  const mayStop = policy.inPlaceAllowed[slaClass];
  const affordable = input.candidates.filter((shape) => (shape.usdPerHour <= present.usdPerHour || shape.usdPerHour <= (budget.maximumUsdPerHour ?? Infinity)) && (mayStop || oneOffUsdOf(input, shape, 'migrate') <= (budget.maximumOneOffUsd ?? Infinity)));
  const within = decideAdjustment({ ...input, candidates: affordable });
  const still = beyond(within.decision, budget);
  return still === null ? { ...within, beyondBudget } : { decision: { kind: 'keep', reason: `BudgetExceeded: ${still}` }, state: input.state, beyondBudget };
}

/** Why a change is beyond a budget, with the sum; a smaller shape never is for what it costs an hour. */
export function beyond(decision: AdjustmentDecision, { maximumUsdPerHour = Infinity, maximumOneOffUsd = Infinity }: ShapeBudget): string | null {
  if (decision.kind === 'keep') return null;
  const { target, usdPerHourBefore, usdPerHourAfter, oneOffUsd } = decision;
  if (usdPerHourAfter > usdPerHourBefore && usdPerHourAfter > maximumUsdPerHour) return `${target.name} costs ${usdPerHourAfter.toFixed(4)} USD an hour; the budget allows ${maximumUsdPerHour}`;
  if (oneOffUsd > maximumOneOffUsd) return `the change to ${target.name} costs ${oneOffUsd.toFixed(4)} USD once; the budget allows ${maximumOneOffUsd}`;
  return null;
}
