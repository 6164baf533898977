import type { MoveSurvey } from '../../contracts/recover-migration';
import { isPastPointOfNoReturn } from '../../domain/migration-phase';
import { isHandedOver } from '../../domain/sync-strategy';
import type { PlannedMigration } from '../migrate-instance/migration';
import { StateHandover } from '../migrate-instance/state-handover';
import { TrafficShift } from '../migrate-instance/traffic-shift';
import { deleteImageOnWayBack, disownOnWayBack, releaseOnWayBack, terminateOnWayBack } from '../migrate-instance/ways-back';

/** A move that was begun, as it can go on. Null: there is no traffic, or no state, that it took over. */
export interface TakenUp {
  readonly shift: TrafficShift | null;
  readonly state: StateHandover | null;
}

/** Registers the ways back of all phases that the move may have been in, in the move's own order: each is true for "never happened". Changes nothing of what serves. */
export async function takeUp(migration: PlannedMigration, { sight, hasGroups, shadowPercent }: MoveSurvey): Promise<TakenUp> {
  const { plan, source, progress } = migration;
  const shadowId = sight.shadow?.instanceId ?? null;
  progress.shadowId = shadowId;
  // It tells where the move ended; a source that still runs can be gone back to from the last phases as well.
  progress.phase = sight.reached === null || isPastPointOfNoReturn(sight.reached) ? 'drain' : sight.reached;
  releaseOnWayBack(migration);
  deleteImageOnWayBack(migration);
  terminateOnWayBack(migration);
  if (shadowId === null) return { shift: null, state: null };
  const state = isHandedOver(plan.sync) ? new StateHandover(migration, plan.sync, shadowId) : null;
  state?.registerWayBack('keep the state at the source');
  const shift = source.traffic === null || !(hasGroups || sight.shadow?.isAdopted === true) ? null : new TrafficShift(migration, source.traffic, shadowId);
  await shift?.resume(shadowPercent);
  // First of all, as in a move that goes back by itself: requests follow the state.
  state?.registerWayBack('hand the state back to the source');
  if (sight.shadow?.isAdopted === true) disownOnWayBack(migration, shadowId);
  return { shift, state };
}
