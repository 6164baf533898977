import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GROUP_FILE, reapOrphans } from './reap-orphans';

export interface RunnerOptions {
  readonly dataDir: string;
  /** Search path of the instances' programs. */
  readonly searchPath?: string | undefined;
  /** How long a process may take to end by itself after SIGTERM. */
  readonly killAfterMs?: number | undefined;
}

/** An attached data disk: its device name and the folder that holds its files. */
export interface AttachedDisk {
  readonly device: string;
  readonly folder: string;
}

export interface RunSpec {
  readonly instanceId: string;
  readonly address: string;
  readonly zone: string;
  readonly shape: string;
  /** Base64, as in RunInstances. */
  readonly userData: string | undefined;
  readonly rootFolder: string;
  readonly disks: readonly AttachedDisk[];
}

const DEFAULT_SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs the user data of instances as real processes, one process group each. */
export class InstanceRunner {
  private readonly groups = new Map<string, number>();

  constructor(private readonly options: RunnerOptions) {
    reapOrphans(join(options.dataDir, 'instances'));
  }

  /** Process group ids by instance. A group stays listed after its process has ended by itself. */
  get processGroups(): ReadonlyMap<string, number> {
    return this.groups;
  }

  /** Starts the instance's script in its root folder; user data that is no script starts nothing, as on EC2. */
  start(spec: RunSpec): void {
    const home = this.homeOf(spec.instanceId);
    mkdirSync(home, { recursive: true });
    this.linkDisks(spec.instanceId, spec.disks);
    const script = Buffer.from(spec.userData ?? '', 'base64').toString('utf8');
    if (!script.startsWith('#!')) return;
    const scriptPath = join(home, 'user-data');
    // Written and started without a pause in between: no other child may inherit the open script, or exec is refused.
    writeFileSync(scriptPath, script, { mode: 0o755 });
    const console = openSync(this.consoleOf(spec.instanceId), 'a');
    try {
      const child = spawn(scriptPath, [], {
        cwd: spec.rootFolder,
        detached: true,
        stdio: ['ignore', console, console],
        env: {
          PATH: this.options.searchPath ?? DEFAULT_SEARCH_PATH,
          NODE: process.execPath,
          FORESHIFT_INSTANCE_ID: spec.instanceId,
          FORESHIFT_ADDRESS: spec.address,
          FORESHIFT_ZONE: spec.zone,
          FORESHIFT_TYPE: spec.shape,
          FORESHIFT_DISKS: this.disksOf(spec.instanceId),
        },
      });
      child.on('error', (error) => writeFileSync(this.consoleOf(spec.instanceId), `${String(error)}\n`, { flag: 'a' }));
      child.unref();
      if (child.pid === undefined) return;
      this.groups.set(spec.instanceId, child.pid);
      writeFileSync(join(home, GROUP_FILE), String(child.pid));
    } finally {
      closeSync(console);
    }
  }

  /** Ends the whole process group: politely first, then for good. */
  async stop(instanceId: string): Promise<void> {
    const group = this.groups.get(instanceId);
    if (group === undefined) return;
    const deadline = Date.now() + (this.options.killAfterMs ?? 2000);
    signalGroup(group, 'SIGTERM');
    while (signalGroup(group, 0)) {
      if (Date.now() >= deadline) signalGroup(group, 'SIGKILL');
      await sleep(15);
    }
    this.groups.delete(instanceId);
    await rm(join(this.homeOf(instanceId), GROUP_FILE), { force: true });
  }

  /** Holds the instance's processes still while `action` runs, so that what it copies is of one moment. */
  async frozen<T>(instanceId: string | undefined, action: () => Promise<T>): Promise<T> {
    const group = instanceId === undefined ? undefined : this.groups.get(instanceId);
    if (group === undefined) return action();
    signalGroup(group, 'SIGSTOP');
    try {
      return await action();
    } finally {
      signalGroup(group, 'SIGCONT');
    }
  }

  /** Makes `FORESHIFT_DISKS` show exactly these disks, one link per device (`/dev/sdf` is `sdf`). */
  linkDisks(instanceId: string, disks: readonly AttachedDisk[]): void {
    const folder = this.disksOf(instanceId);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { device, folder: target } of disks) symlinkSync(target, join(folder, basename(device)));
  }

  /** All that the instance's processes wrote. */
  async consoleOutput(instanceId: string): Promise<string> {
    return readFile(this.consoleOf(instanceId), 'utf8').catch(() => '');
  }

  /** Removes what the runner kept for a terminated instance, its console excepted. */
  async forget(instanceId: string): Promise<void> {
    await rm(this.disksOf(instanceId), { recursive: true, force: true });
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.groups.keys()].map((instanceId) => this.stop(instanceId)));
  }

  private homeOf(instanceId: string): string {
    return join(this.options.dataDir, 'instances', instanceId);
  }

  private consoleOf(instanceId: string): string {
    return join(this.homeOf(instanceId), 'console.log');
  }

  private disksOf(instanceId: string): string {
    return join(this.homeOf(instanceId), 'disks');
  }
}

/** Signals a group; false when it is gone. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
