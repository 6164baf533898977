import { POOL_TAG } from '../../contracts/workflow-ids';
import { say } from '../activity-proxies';
import { acts, undos } from './activities';
import type { PlannedMigration, Reserved, Shadow } from './migration';

/** Copies the source: an image of all its volumes, then an instance from it inside the reservation. */
export async function createShadow(migration: PlannedMigration, reserved: Reserved): Promise<Shadow> {
  const { owner, source, progress, undo, waiting } = migration;
  undo.push('delete the image and its snapshots', () => say(undos.deleteImages, 'Delete the image and its snapshots', { owner }));
  const image = await say(acts.createImage, `Image ${source.instanceId} without a reboot`, { owner, source });
  await say(waiting.awaitImage, `Wait until ${image.imageId} is available`, { imageId: image.imageId });

  undo.push('terminate the shadow', () => say(undos.terminateShadows, 'Terminate the shadow', { owner }));
  const { rung, reservation } = reserved;
  const launched = await say(acts.launchShadow, `Launch ${rung.shape} in ${rung.zone} from ${image.imageId}`, {
    owner,
    source,
    imageId: image.imageId,
    reservation,
    rung,
    // What leaves an isolated group must not be a member of it again.
    leaveGroup: (migration.input.avoidZones ?? []).includes(source.tags[POOL_TAG] ?? ''),
  });
  progress.shadowId = launched.instanceId;
  progress.note(`${launched.instanceId} from ${image.imageId}`);
  await say(waiting.awaitInstanceRunning, `Wait until ${launched.instanceId} runs`, { instanceId: launched.instanceId });
  return { ...reserved, instanceId: launched.instanceId, image };
}
