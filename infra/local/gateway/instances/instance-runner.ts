import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { writeForeshiftShim } from './foreshift-shim';
import { dropNote, dropNotes, noteGroup } from './group-notes';
import { strayChildren } from './process-family';
import { endGroup, signalGroup, signalProcess } from './process-group';
import { reapOrphans } from './reap-orphans';
import { startShellCommand, type ShellOutcome, type ShellPlace } from './shell-command';

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

/** A command that runs on an instance. */
export interface InstanceCommand {
  /** Undefined where the instance ended first: nobody is there to tell. */
  readonly outcome: Promise<ShellOutcome | undefined>;
  readonly kill: () => void;
}

const DEFAULT_SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const KILL_AFTER_MS = 2_000;

/** Runs the user data of instances as real processes, one process group each, and commands beside them. */
export class InstanceRunner {
  private readonly groups = new Map<string, number>();
  /** Where programs of the instances that are up run. */
  private readonly places = new Map<string, ShellPlace>();
  private readonly commands = new Map<string, Set<number>>();
  private readonly programs: string;

  constructor(private readonly options: RunnerOptions) {
    reapOrphans(join(options.dataDir, 'instances'));
    this.programs = resolve(options.dataDir, 'bin');
    writeForeshiftShim(this.programs);
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
    const place = this.placeOf(spec);
    this.places.set(spec.instanceId, place);
    const script = Buffer.from(spec.userData ?? '', 'base64').toString('utf8');
    if (!script.startsWith('#!')) return;
    const scriptPath = join(home, 'user-data');
    // Written and started without a pause in between: no other child may inherit the open script, or exec is refused.
    writeFileSync(scriptPath, script, { mode: 0o755 });
    const console = openSync(this.consoleOf(spec.instanceId), 'a');
    try {
      const child = spawn(scriptPath, [], { cwd: place.folder, env: place.env, detached: true, stdio: ['ignore', console, console] });
      child.on('error', (error) => writeFileSync(this.consoleOf(spec.instanceId), `${String(error)}\n`, { flag: 'a' }));
      child.unref();
      if (child.pid === undefined) return;
      this.groups.set(spec.instanceId, child.pid);
      noteGroup(home, child.pid);
    } finally {
      closeSync(console);
    }
  }

  /** Whether the instance was started and not stopped, whatever became of its processes. */
  isUp(instanceId: string): boolean {
    return this.places.has(instanceId);
  }

  /** Starts a shell command as the instance's own programs run, to end with the instance; undefined where it is not up or has no such folder. */
  execute(instanceId: string, command: string, folder: string | undefined, mostCharacters: number): InstanceCommand | undefined {
    const place = this.places.get(instanceId);
    if (place === undefined) return undefined;
    const started = startShellCommand(command, { ...place, folder: resolve(place.folder, folder ?? '.') }, mostCharacters);
    if (started === undefined) return undefined;
    const { group, kill } = started;
    const home = this.homeOf(instanceId);
    const running = this.commands.get(instanceId) ?? new Set();
    this.commands.set(instanceId, running.add(group));
    noteGroup(home, group);
    const outcome = started.outcome.then((left) => {
      if (this.places.get(instanceId) !== place) return undefined;
      // What it left in the background still belongs to the instance.
      if (!signalGroup(group, 0) && running.delete(group)) dropNote(home, group);
      return left;
    });
    return { kill, outcome };
  }

  /** Ends all that runs on the instance: politely first, then for good. */
  async stop(instanceId: string): Promise<void> {
    this.places.delete(instanceId);
    await Promise.all(this.groupsOf(instanceId).map((group) => endGroup(group, this.options.killAfterMs ?? KILL_AFTER_MS)));
    this.groups.delete(instanceId);
    this.commands.delete(instanceId);
    dropNotes(this.homeOf(instanceId));
  }

  /** Holds the instance's processes still while `action` runs, so that what it copies is of one moment. */
  async frozen<T>(instanceId: string | undefined, action: () => Promise<T>): Promise<T> {
    const groups = instanceId === undefined ? [] : this.groupsOf(instanceId);
    groups.forEach((group) => signalGroup(group, 'SIGSTOP'));
    // Looked for only now: whoever stands still starts no more of them.
    const strays = groups.length === 0 ? [] : strayChildren(new Set(groups));
    strays.forEach((pid) => signalProcess(pid, 'SIGSTOP'));
    try {
      return await action();
    } finally {
      strays.forEach((pid) => signalProcess(pid, 'SIGCONT'));
      groups.forEach((group) => signalGroup(group, 'SIGCONT'));
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
    const all = new Set([...this.places.keys(), ...this.groups.keys(), ...this.commands.keys()]);
    await Promise.all([...all].map((instanceId) => this.stop(instanceId)));
  }

  private placeOf({ instanceId, address, zone, shape, rootFolder }: RunSpec): ShellPlace {
    const env = {
      PATH: `${this.programs}:${this.options.searchPath ?? DEFAULT_SEARCH_PATH}`,
      NODE: process.execPath,
      FORESHIFT_INSTANCE_ID: instanceId,
      FORESHIFT_ADDRESS: address,
      FORESHIFT_ZONE: zone,
      FORESHIFT_TYPE: shape,
      FORESHIFT_DISKS: this.disksOf(instanceId),
      // As /var/lib/foreshift, on the instance's own root disk.
      FORESHIFT_AGENT_STATE: join(rootFolder, 'var/lib/foreshift'),
      FORESHIFT_HOOKS: join(rootFolder, 'etc/foreshift/application'),
    };
    return { folder: rootFolder, env };
  }

  private groupsOf(instanceId: string): readonly number[] {
    const main = this.groups.get(instanceId);
    return [...(main === undefined ? [] : [main]), ...(this.commands.get(instanceId) ?? [])];
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
