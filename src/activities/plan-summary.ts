import type { MoveSummary, PlanSummary } from '../contracts/shape-fleet';
import { diffPlans } from '../domain/fleet-plan/plan-diff';
import { fateOf, type ModeChoice, type MoveFate } from '../domain/fleet-plan/plan-modes';
import type { WeighedInstance } from '../domain/fleet-plan/weigh-instance';
import type { StoredPlan } from './plan-port';

const MOST_SHOWN = 20;
const LONGEST_REASON = 300;

/** What of a plan crosses into a workflow's history: counts, sums and the most urgent moves, against the plan before it. */
export function summaryOf({ planId, planHash, atMs, plan: made, choice }: StoredPlan, before: StoredPlan | null, instances: readonly WeighedInstance[]): PlanSummary {
  const diff = diffPlans(before?.plan ?? null, made);
  const fates: Record<MoveFate, number> = { observed: 0, awaits: 0, goes: 0 };
  for (const move of made.moves) fates[fateOf(move, choice)] += 1;
  return {
    planId,
    planHash,
    atMs,
    instances: instances.length,
    withoutForecast: instances.filter(({ sizing }) => sizing.kind === 'unknown').length,
    moves: made.moves.length,
    fates,
    costUsd: made.costUsd,
    savesUsd: made.savesUsd,
    avoidedMinutes: made.avoidedMinutes,
    top: made.moves.slice(0, MOST_SHOWN).map((move) => rowOf(move, choice)),
    ...(choice.earned === undefined ? {} : { earned: Object.fromEntries(Object.entries(choice.earned).slice(0, MOST_SHOWN).map(([pool, why]) => [pool, why.slice(0, LONGEST_REASON)])) }),
    diff: { added: diff.added.slice(0, MOST_SHOWN), dropped: diff.dropped.slice(0, MOST_SHOWN), kept: diff.kept },
  };
}

function rowOf(move: StoredPlan['plan']['moves'][number], choice: ModeChoice): MoveSummary {
  const { instanceId, name, kind, fromShape, toShape, toPoolId, startAtMs, deadlineAtMs, risk, impactMinutes, costUsd, savesUsd, reasons } = move;
  return { instanceId, name, kind, fromShape, toShape, toPoolId, startAtMs, deadlineAtMs, risk, impactMinutes, costUsd, savesUsd, fate: fateOf(move, choice), reason: reasons.join('; ').slice(0, LONGEST_REASON) };
}
