import type { AutonomyActivities } from '../contracts/autonomy';
import type { Owner } from '../contracts/migration-activities';
import { FIRST_MODE } from '../domain/autonomy/decide-autonomy';
import type { PlannedMove } from '../domain/fleet-plan/fleet-plan';
import { fateOf, type AskedModes, type FleetMode, type ModeChoice } from '../domain/fleet-plan/plan-modes';
import type { StoredPlan } from './plan-port';

/** Modes that a plan goes by: those that were asked for, or for `earned` what each of its services has earned. A mode that was given for a service stays. */
export async function settleModes(earnMode: AutonomyActivities['earnMode'], { mode, modes }: AskedModes, services: Iterable<string>, by: Owner): Promise<ModeChoice> {
  if (mode !== 'earned') return { mode, modes };
  const found: Record<string, FleetMode> = {};
  const earned: Record<string, string> = {};
  for (const pool of new Set(services)) {
    if (Object.hasOwn(modes, pool)) continue;
    const decision = await earnMode({ pool, by });
    found[pool] = decision.mode;
    earned[pool] = `${decision.mode}: ${[...decision.reasons, ...decision.missing].join('; ')}`;
  }
  return { mode: FIRST_MODE, modes: { ...found, ...modes }, earned };
}

/** The run that made a plan. */
export function tickOf({ workflowId, tickId }: Pick<StoredPlan, 'workflowId' | 'tickId'>): Owner {
  return { workflowId, runId: tickId.slice(workflowId.length + 1) };
}

/** Of moves that went without being asked about, as their services had earned it: which may no longer, and why, by instance. A move that somebody approved stays approved. */
export async function noLongerEarned(earnMode: AutonomyActivities['earnMode'], plan: Pick<StoredPlan, 'choice' | 'workflowId' | 'tickId'>, moves: readonly PlannedMove[]): Promise<ReadonlyMap<string, string>> {
  const { choice } = plan;
  const went = moves.filter((move) => Object.hasOwn(choice.earned ?? {}, move.service) && fateOf(move, choice) === 'goes');
  const lost = new Map<string, string>();
  for (const service of new Set(went.map((move) => move.service))) {
    const { mode, reasons, missing } = await earnMode({ pool: service, by: tickOf(plan) });
    const now = { ...choice, modes: { ...choice.modes, [service]: mode } };
    for (const move of went) if (move.service === service && fateOf(move, now) !== 'goes') lost.set(move.instanceId, `${service} has earned ${mode} now, and this move would have to be asked about: ${[...reasons, ...missing].join('; ')}`);
  }
  return lost;
}
