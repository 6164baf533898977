import type { InstanceOutlook, MoveChoice } from '../domain/choose-moves';
import type { MigrationPolicy } from '../domain/migration-policy';

export const SHAPE_FLEET = 'shapeFleet';

/** Input of one control tick; every field has a default. */
export interface ShapeFleetInput {
  /** Value of the tag `foreshift:fleet`; default: every running instance that has the tag. */
  readonly fleet?: string;
  /** `observe`, the default, decides and writes the audit, and calls nothing that changes anything. */
  readonly mode?: 'observe' | 'act';
  readonly maxMoves?: number;
}

export interface FleetMember {
  readonly instanceId: string;
  readonly name: string;
  readonly service: string;
  readonly shape: string;
  readonly zone: string;
}

export interface ShapeFleetResult {
  readonly mode: 'observe' | 'act';
  readonly instances: number;
  readonly choices: readonly MoveChoice[];
  readonly started: readonly string[];
}

export interface FleetActivities {
  listFleet(args: { fleet: string | null }): Promise<readonly FleetMember[]>;
  forecastFleet(args: { members: readonly FleetMember[]; policy: MigrationPolicy['forecast'] }): Promise<readonly InstanceOutlook[]>;
}
