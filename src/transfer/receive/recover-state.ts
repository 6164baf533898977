import { bootId } from '../manifest/boot-id';
import type { StateFolder } from '../manifest/state-folder';
import { indexTree } from './index-tree';
import { rereadState } from './reread-state';

/** Makes the manifest true before anything is told of it: it may say less than what stands there, or more than what reached the disk. */
export async function recoverState(root: string, state: StateFolder): Promise<void> {
  const mark = state.mark();
  const inFlux = state.inFlux();
  if (mark.round === 0 && mark.root === null && state.isEmpty()) await indexTree(root, state);
  else if (mark.bootId !== bootId()) await rereadState(root, state);
  else if (inFlux !== null) await rereadState(root, state, (path) => path === inFlux);
  state.setMark({ ...state.mark(), bootId: bootId() });
  state.setInFlux(null);
}
