import type { AutonomyActivities } from '../contracts/autonomy';
import type { AutonomyThresholds } from '../domain/autonomy/autonomy-thresholds';
import { decideAutonomy } from '../domain/autonomy/decide-autonomy';
import type { AutonomyStore } from './autonomy-port';

export interface AutonomyDependencies {
  readonly autonomy: AutonomyStore;
  readonly thresholds: AutonomyThresholds;
  readonly now: () => number;
}

/** The modes that pools earn. */
export function createAutonomyActivities({ autonomy, thresholds, now }: AutonomyDependencies): AutonomyActivities {
  return {
    earnMode: ({ pool, by }) => autonomy.change(pool, { nowMs: now(), latelyMs: thresholds.latelyMs }, by, (record) => decideAutonomy(record, thresholds)),
  };
}
