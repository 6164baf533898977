import { CancellationScope } from '@temporalio/workflow';
import { say } from '../activity-proxies';
import { undos } from './activities';
import { leftoversOf, placesOf } from './leftovers';
import type { FlowingState, PlannedMigration, Shadow } from './migration';
import type { TrafficShift } from './traffic-shift';
import { disownOnWayBack } from './ways-back';

/** The shadow takes the source's place; nothing reaches the source any more. The last phase with a way back. */
export async function drainSource(migration: PlannedMigration, shadow: Pick<Shadow, 'instanceId'>, shift: TrafficShift | null): Promise<void> {
  const { owner, source, there } = migration;
  await shift?.consolidate();
  disownOnWayBack(migration, shadow.instanceId);
  await say(there.acts.adoptReplacement, `${shadow.instanceId} takes the name of ${source.instanceId}`, { owner, source, instanceId: shadow.instanceId });
  await say(migration.waiting.verifySourceIdle, 'No target group lists the source, no request reaches it', {
    instanceId: source.instanceId,
    traffic: source.traffic,
  });
}

/** The point of no return, and what follows it: only forwards. */
export async function retireSource(migration: PlannedMigration, state: FlowingState | null): Promise<void> {
  const { source, undo, waiting } = migration;
  await CancellationScope.nonCancellable(async () => {
    undo.forget();
    migration.passPointOfNoReturn();
    await state?.end();
    await say(undos.terminateSource, `Terminate ${source.instanceId}`, { instanceId: source.instanceId });
    await say(waiting.awaitInstanceTerminated, `Wait until ${source.instanceId} is gone`, { instanceId: source.instanceId });
  });
}

/** Gives back what the move needed; what cannot be given back is returned, by name. */
export async function releaseLeftovers(migration: PlannedMigration, shift: TrafficShift | null): Promise<readonly string[]> {
  const { owner, there } = migration;
  return CancellationScope.nonCancellable(async () => {
    if (shift !== null) await shift.removeGroups();
    for (const place of placesOf(migration)) await say(place.undos.deleteImages, 'Delete the image and its snapshots', { owner });
    await say(there.undos.releaseReservations, 'Cancel the reservation: the instance keeps running', { owner });
    return leftoversOf(migration);
  });
}
