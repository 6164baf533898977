import type { MigrationPhase } from '../../domain/migration-phase';
import { shielded } from './go-back';
import type { FlowingState, PlannedMigration, Shadow } from './migration';
import { drainSource, releaseLeftovers, retireSource } from './retire-source';
import type { TrafficShift } from './traffic-shift';

/** The end of the story, once the shadow carries everything: drain, retire, release. Returns what could not be given back, by name. */
export async function finishMove(migration: PlannedMigration, shadow: Pick<Shadow, 'instanceId'>, shift: TrafficShift | null, state: FlowingState | null, enter: (phase: MigrationPhase) => Promise<void>): Promise<readonly string[]> {
  const { progress } = migration;
  await enter('drain');
  await drainSource(migration, shadow, shift);
  await enter('retire');
  await retireSource(migration, state);
  await shielded(() => progress.enter('release'));
  progress.left = await releaseLeftovers(migration, shift);
  return progress.left;
}
