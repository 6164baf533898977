import type { AutonomyActivities } from '../contracts/autonomy';
import type { Owner } from '../contracts/migration-activities';
import { FIRST_MODE } from '../domain/autonomy/decide-autonomy';
import type { FleetMode, AskedModes, ModeChoice } from '../domain/fleet-plan/plan-modes';

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
