import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In an instance's folder: an empty file for each of its process groups that runs, named by the group's id, for whoever starts after a killed gateway. */
export const GROUPS_FOLDER = 'process-groups';

export function noteGroup(instanceFolder: string, group: number): void {
  const folder = join(instanceFolder, GROUPS_FOLDER);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, String(group)), '');
}

export function dropNote(instanceFolder: string, group: number): void {
  rmSync(join(instanceFolder, GROUPS_FOLDER, String(group)), { force: true });
}

export function dropNotes(instanceFolder: string): void {
  rmSync(join(instanceFolder, GROUPS_FOLDER), { recursive: true, force: true });
}
