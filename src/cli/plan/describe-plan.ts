import type { MoveSummary, PlanSummary, ShapeFleetResult } from '../../contracts/shape-fleet';
import type { FleetPlan, HeldInstance, PlannedMove } from '../../domain/fleet-plan/fleet-plan';
import { alignColumns } from '../forecast/align-columns';

const OUTCOMES: Readonly<Record<ShapeFleetResult['outcome'], string>> = {
  Empty: 'nothing is to be done',
  Observed: 'only looked at: nothing was changed (mode observe)',
  Queued: 'went into the queue',
  Declined: 'was declined',
  Expired: 'was not approved in time',
};

/** A plan's moves as a table, and what became of it. */
export function describeResult(result: ShapeFleetResult): string {
  const { refusals } = result.queued;
  return [describeSummary(result), `${result.planId} ${OUTCOMES[result.outcome]}${result.decidedBy === null ? '' : ` by ${result.decidedBy}`}`, ...refusals.map((reason) => `  refused: ${reason}`)].join('\n');
}

export function describeSummary(plan: PlanSummary): string {
  const { planId, planHash, instances, moves, avoidedMinutes, costUsd, savesUsd, withoutForecast, top, diff, earned = {} } = plan;
  return [
    `${planId}: ${moves} moves of ${instances} instances${withoutForecast > 0 ? ` (${withoutForecast} without a forecast)` : ''}`,
    `  averts ${avoidedMinutes.toFixed(0)} overloaded minutes, moving costs ${costUsd.toFixed(2)} USD, the gain is ${savesUsd.toFixed(2)} USD (price and overload over the horizon)`,
    `  against the plan before: ${diff.added.length} added, ${diff.dropped.length} dropped, ${diff.kept} as before`,
    ...(top.length === 0 ? [] : alignColumns([['instance', 'move', 'to', 'start', 'risk', 'averts', 'costs', 'gains', ''], ...top.map(rowOf)])),
    ...top.map(({ name, reason }) => `  ${name}: ${reason}`),
    ...describeEarned(earned),
    `  hash ${planHash}`,
  ].join('\n');
}

/** What mode services have earned, and why. */
export function describeEarned(earned: Readonly<Record<string, string>>): string[] {
  return Object.entries(earned).map(([service, why]) => `  ${service} has earned ${why}`);
}

function rowOf({ name, instanceId, kind, fromShape, toShape, toPoolId, startAtMs, risk, impactMinutes, costUsd, savesUsd, fate }: MoveSummary): string[] {
  return [`${name} (${instanceId})`, `${kind} ${fromShape} -> ${toShape}`, toPoolId, clock(startAtMs), risk, `${impactMinutes.toFixed(0)} min`, costUsd.toFixed(2), savesUsd.toFixed(2), fate];
}

/** One instance's part in a plan: what was decided of it, and why. */
export function describeInstance(plan: FleetPlan, instanceId: string): string[] {
  const move = plan.moves.find((one) => one.instanceId === instanceId || one.name === instanceId);
  if (move !== undefined) return describeMove(move, plan.moves.indexOf(move) + 1);
  const held = plan.held.find((one) => one.instanceId === instanceId || one.name === instanceId);
  return held === undefined ? [`${instanceId} is not in this plan`] : [describeHeld(held)];
}

export function describeMove(move: PlannedMove, place: number): string[] {
  const increase = move.demandIncreaseRatio > 1.05 ? `, demand rises ${(move.demandIncreaseRatio * 100 - 100).toFixed(0)} %` : '';
  return [
    `${place}. ${move.kind} ${move.name} (${move.instanceId}): ${move.fromShape} in ${move.fromPoolId} -> ${move.toShape} in ${move.toPoolId}`,
    ...move.reasons.map((reason) => `   because ${reason}`),
    `   ranked by ${move.impactMinutes.toFixed(0)} averted overloaded minutes${increase}, SLA ${move.slaClass}, ${move.dependencies} dependencies`,
    `   risk ${move.risk}; starts ${clock(move.startAtMs)}${move.deadlineAtMs === null ? '' : `, needed ${clock(move.deadlineAtMs)}`}; costs ${move.costUsd.toFixed(2)} USD, gains ${move.savesUsd.toFixed(2)} USD`,
  ];
}

export function describeHeld({ name, instanceId, wanted, reason }: HeldInstance): string {
  return `   ${wanted === null ? 'stay' : `held (${wanted})`}  ${name} (${instanceId}): ${reason}`;
}

/** UTC, to the minute. */
function clock(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
