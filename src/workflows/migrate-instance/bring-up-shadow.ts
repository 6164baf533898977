import type { MigrationPhase } from '../../domain/migration-phase';
import { createShadow } from './create-shadow';
import type { PlannedMigration, SyncedShadow } from './migration';
import { reserveCapacity } from './reserve-capacity';
import { syncState } from './sync-state';
import type { TrafficShift } from './traffic-shift';
import { verifyShadow } from './verify-shadow';

/** Reserve, shadow, sync, verify: a copy that could serve, and that nothing is sent to yet. `shift` is null where no balancer sends the source traffic. */
export async function bringUpShadow(migration: PlannedMigration, enter: (phase: MigrationPhase) => Promise<void>): Promise<{ readonly shadow: SyncedShadow; readonly shift: TrafficShift | null }> {
  await enter('reserve');
  const reserved = await reserveCapacity(migration);
  await enter('shadow');
  const created = await createShadow(migration, reserved);
  await enter('sync');
  const shadow = await syncState(migration, created);
  await enter('verify');
  return { shadow, shift: await verifyShadow(migration, shadow) };
}
