import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Envoy's dynamic configuration as files. The version of a file is the hash of its content. */
export class XdsDirectory {
  private readonly versions = new Map<string, string>();

  constructor(private readonly directory: string) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  }

  path(file: string): string {
    return join(this.directory, file);
  }

  /** Replaces a file in one step, unless nothing changed. Returns the version Envoy will report once it has it. */
  write(file: string, resources: readonly unknown[]): string {
    const version = createHash('sha256').update(JSON.stringify(resources)).digest('hex').slice(0, 16);
    if (this.versions.get(file) === version) return version;
    const scratch = this.path(`.${file}.new`);
    writeFileSync(scratch, JSON.stringify({ version_info: version, resources }));
    // Envoy watches for renames: it never reads half a file.
    renameSync(scratch, this.path(file));
    this.versions.set(file, version);
    return version;
  }

  remove(file: string): void {
    if (this.versions.delete(file)) rmSync(this.path(file), { force: true });
  }

  files(): readonly string[] {
    return [...this.versions.keys()];
  }
}
