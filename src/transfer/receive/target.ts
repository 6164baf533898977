import { statSync } from 'node:fs';
import { DEVICE_ENTRY } from '../walk/device';
import { WireError } from '../wire/wire-error';
import { SafeTree } from './safe-tree';

/** Where a state is received. */
export interface Target {
  /** A device is written in place and keeps its length and attributes. */
  readonly isDevice: boolean;
  /** Where a path is; good until the next call. */
  at(path: string, name?: string): string | Buffer;
  close(): void;
}

/** The target that stands at the root: a folder, or a block device or an image of one. */
export function openTarget(root: string): Target {
  if (statSync(root).isDirectory()) return new SafeTree(root);
  return {
    isDevice: true,
    at: (path) => {
      if (path !== DEVICE_ENTRY) throw new WireError('a device has one entry only');
      return root;
    },
    close: () => undefined,
  };
}
