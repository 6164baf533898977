import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** In an instance's folder: the id of its process group while it runs. */
export const GROUP_FILE = 'process-group';

/** Ends the processes that a killed gateway left behind on the same folder. */
export function reapOrphans(instancesFolder: string): void {
  for (const instanceId of namesIn(instancesFolder)) {
    const file = join(instancesFolder, instanceId, GROUP_FILE);
    const group = Number(textOf(file));
    if (!Number.isInteger(group) || group <= 1) continue;
    // The number may long belong to a stranger: only a process that says it is this instance is ended.
    if (textOf(`/proc/${group}/environ`).split('\0').includes(`FORESHIFT_INSTANCE_ID=${instanceId}`)) {
      process.kill(-group, 'SIGKILL');
    }
    rmSync(file, { force: true });
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
