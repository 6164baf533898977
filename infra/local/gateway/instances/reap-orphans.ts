import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GROUPS_FOLDER } from './group-notes';
import { signalGroup } from './process-group';

/** Ends the processes that a killed gateway left behind on the same folder. */
export function reapOrphans(instancesFolder: string): void {
  for (const instanceId of namesIn(instancesFolder)) {
    const folder = join(instancesFolder, instanceId, GROUPS_FOLDER);
    for (const group of namesIn(folder).map(Number)) {
      if (!Number.isInteger(group) || group <= 1) continue;
      // The number may long belong to a stranger: only a process that says it is this instance is ended.
      if (textOf(`/proc/${group}/environ`).split('\0').includes(`FORESHIFT_INSTANCE_ID=${instanceId}`)) signalGroup(group, 'SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
