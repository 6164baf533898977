import type { Stats } from 'node:fs';

/** What a walk found. `at` is how it is opened: by way of its folder's descriptor, so that no link on the way can lead elsewhere; it holds until the next step. */
export interface Found {
  readonly path: string;
  readonly at: string | Buffer;
  readonly kind: 'folder' | 'file' | 'symlink';
  readonly stats: Stats;
  readonly target: string | null;
  readonly isDevice: boolean;
}
