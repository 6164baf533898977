import type { AutonomyDecision } from '../domain/autonomy/decide-autonomy';
import type { Owner } from './migration-activities';

export interface AutonomyActivities {
  /** Decides on its record what mode a pool has earned, and writes a change down, in the audit as well. @param args.by the run that asks */
  earnMode(args: { readonly pool: string; readonly by: Owner }): Promise<AutonomyDecision>;
}
