import type { ImageRef } from '../../contracts/migration-activities';
import { POOL_TAG } from '../../contracts/workflow-ids';
import { say } from '../activity-proxies';
import { acts } from './activities';
import type { PlannedMigration, Reserved, Shadow } from './migration';
import { originOf } from './place';
import { deleteImageOnWayBack, terminateOnWayBack } from './ways-back';

/** Copies the source: an image of all its volumes, then an instance from it inside the reservation. */
export async function createShadow(migration: PlannedMigration, reserved: Reserved): Promise<Shadow> {
  const { owner, source, progress, waiting, there, network } = migration;
  deleteImageOnWayBack(migration);
  const image = await say(acts.createImage, `Image ${source.instanceId} without a reboot`, { owner, source });
  await say(waiting.awaitImage, `Wait until ${image.imageId} is available`, { imageId: image.imageId });
  const imageThere = await copyThere(migration, image);

  terminateOnWayBack(migration);
  const { rung, reservation } = reserved;
  const launched = await say(there.acts.launchShadow, `Launch ${rung.shape} in ${rung.zone} from ${imageThere.imageId}`, {
    owner,
    source,
    imageId: imageThere.imageId,
    reservation,
    rung,
    // What leaves an isolated group must not be a member of it again.
    leaveGroup: (migration.input.avoidZones ?? []).includes(source.tags[POOL_TAG] ?? ''),
    ...(network === null ? {} : { network }),
  });
  progress.shadowId = launched.instanceId;
  progress.note(`${launched.instanceId} from ${imageThere.imageId}`);
  await say(there.waiting.awaitInstanceRunning, `Wait until ${launched.instanceId} runs`, { instanceId: launched.instanceId });
  return { ...reserved, instanceId: launched.instanceId, image, imageThere };
}

/** The image where the shadow will be launched: itself, or its copy in another region. */
async function copyThere({ input, owner, there, undo, progress }: PlannedMigration, image: ImageRef): Promise<ImageRef> {
  if (there.other === null) return image;
  const { region } = there.other;
  undo.push(`delete what was copied to ${region}`, () => say(there.undos.deleteImages, `Delete the copies in ${region}`, { owner }));
  progress.note(`${image.imageId} is copied to ${region}`);
  const copy = await say(there.longActs.copyImage, `Copy ${image.imageId} to ${region}`, { owner, imageId: image.imageId, ...originOf(there.other, input) });
  await say(there.longWaiting.awaitImage, `Wait until ${copy.imageId} is available in ${region}`, { imageId: copy.imageId });
  return copy;
}
