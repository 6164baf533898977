import { ApplicationFailure } from '@temporalio/common';
import type { VolumeDelta } from '../../contracts/migration-activities';
import { isHandedOver } from '../../domain/sync-strategy';
import { say } from '../activity-proxies';
import { acts } from './activities';
import type { PlannedMigration, Shadow, SyncedShadow } from './migration';
import { originOf } from './place';
import { StateHandover } from './state-handover';

/** Brings the shadow's state to the source's, as the plan's strategy says. */
export async function syncState(migration: PlannedMigration, shadow: Shadow): Promise<SyncedShadow> {
  if (migration.plan.sync === 'none') {
    migration.progress.note('no state is carried over: the shadow has that of the image');
    return { ...shadow, deltas: [], state: null };
  }
  if (isHandedOver(migration.plan.sync)) {
    const state = new StateHandover(migration, migration.plan.sync, shadow.instanceId);
    await state.sync();
    return { ...shadow, deltas: [], state };
  }
  return syncBySnapshots(migration, shadow);
}

/**
 * Strategies `image` and `blocks`: snapshots the data volumes again, and while they differ from what the shadow holds gives the shadow
 * volumes of the newer state. Ends when nothing changed between two snapshots, or refuses: a source that keeps writing
 * needs a strategy that replicates. The root volume is as of the image.
 */
async function syncBySnapshots(migration: PlannedMigration, shadow: Shadow): Promise<SyncedShadow> {
  const { owner, source, policy, progress, waiting, here } = migration;
  if (source.dataVolumes.length === 0) {
    progress.note('no data volumes: the image is the state');
    return { ...shadow, deltas: [], state: null };
  }
  let held: readonly VolumeDelta[] = [];
  let given: readonly VolumeDelta[] = [];
  for (let round = 1; ; round += 1) {
    await migration.controls.safePoint();
    const taken = await say(acts.snapshotSource, `Round ${round}: snapshot the source's data volumes`, { owner, source, round });
    await say(waiting.awaitSnapshots, `Round ${round}: wait for the snapshots`, { snapshotIds: taken.map((delta) => delta.snapshotId) });
    const deltas = await say(here.longReads.measureDelta, `Round ${round}: what changed since the shadow's state`, {
      owner,
      imageId: shadow.image.imageId,
      deltas: taken,
      previous: held,
    });
    const lagBytes = deltas.reduce((sum, delta) => sum + delta.changedBytes, 0);
    const why = `round ${round}: ${(lagBytes / 1_048_576).toFixed(1)} MiB behind`;
    progress.sync = { lagBytes, predictedPauseMs: null, why };
    progress.note(why);
    if (lagBytes <= policy.sync.maxLagBytes) return { ...shadow, deltas: held.length === 0 ? deltas : held, state: null };
    if (round > policy.sync.maxRounds) {
      throw ApplicationFailure.create({
        type: 'VerificationFailed',
        nonRetryable: true,
        message: `the source keeps writing: ${lagBytes} bytes changed in round ${round}, ${policy.sync.maxLagBytes} are allowed; quiesce it or use a replicating strategy`,
      });
    }
    given = await snapshotsForShadow(migration, shadow, deltas, given, round);
    await refreshVolumes(migration, shadow, given, round);
    held = deltas;
  }
}

/** What the shadow's volumes are made from: the source's snapshots, or what the shadow has with the changed blocks written on top. */
async function snapshotsForShadow(migration: PlannedMigration, shadow: Shadow, deltas: readonly VolumeDelta[], previous: readonly VolumeDelta[], round: number): Promise<readonly VolumeDelta[]> {
  const { owner, there, plan } = migration;
  const { other } = there;
  if (plan.sync !== 'blocks') {
    if (other === null) return deltas;
    const copied = await say(there.longActs.copySnapshots, `Round ${round}: copy the snapshots to ${other.region}`, { owner, deltas, round, ...originOf(other, migration.input) });
    await say(there.longWaiting.awaitSnapshots, `Round ${round}: wait for the copies`, { snapshotIds: copied.map(({ snapshotId }) => snapshotId) });
    return copied;
  }
  const written = await say(there.longActs.writeBlocks, `Round ${round}: write the changed blocks`, { owner, imageId: shadow.imageThere.imageId, deltas, previous, round, ...(other === null ? {} : { fromRegion: other.fromRegion }) });
  await say(there.waiting.awaitSnapshots, `Round ${round}: wait for what was written`, { snapshotIds: written.map(({ snapshotId }) => snapshotId) });
  return written;
}

async function refreshVolumes(migration: PlannedMigration, shadow: Shadow, deltas: readonly VolumeDelta[], round: number): Promise<void> {
  const { owner, there } = migration;
  const { instanceId } = shadow;
  await say(there.acts.stopShadow, `Round ${round}: stop the shadow to exchange its volumes`, { instanceId });
  await say(there.waiting.awaitInstanceStopped, `Wait until ${instanceId} stands`, { instanceId });
  await say(there.acts.replaceVolumes, `Round ${round}: volumes of the newer state`, { owner, instanceId, zone: shadow.rung.zone, deltas, round });
  await say(there.acts.startShadow, `Start ${instanceId} again`, { instanceId });
  await say(there.waiting.awaitInstanceRunning, `Wait until ${instanceId} runs`, { instanceId });
}
