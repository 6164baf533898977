import { say } from '../activity-proxies';
import { undos } from './activities';
import type { Migration } from './migration';

/** Registers that all of the run's reservations are cancelled. */
export function releaseOnWayBack({ undo, there, owner }: Migration): void {
  undo.push('release the capacity reservation', () => say(there.undos.releaseReservations, 'Give the reservation back', { owner }));
}

/** Registers that the image of the source and all snapshots of the run are deleted. */
export function deleteImageOnWayBack({ undo, owner }: Migration): void {
  undo.push('delete the image and its snapshots', () => say(undos.deleteImages, 'Delete the image and its snapshots', { owner }));
}

/** Registers that the shadow is terminated. */
export function terminateOnWayBack({ undo, there, owner }: Migration): void {
  undo.push('terminate the shadow', () => say(there.undos.terminateShadows, 'Terminate the shadow', { owner }));
}

/** Registers that a shadow that took the source's place belongs to the move again. By its id: without the tags no list of leftovers would name it. */
export function disownOnWayBack({ undo, there, owner }: Migration, instanceId: string): void {
  undo.push(`take back the owner tags of ${instanceId}`, () => say(there.undos.disownReplacement, 'The shadow is a shadow again', { owner, instanceId }));
}
