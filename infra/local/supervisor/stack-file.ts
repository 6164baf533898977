import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RegionConfig } from '../../../src/contracts/config';

/** What a running local cloud tells whoever wants to use it. */
export interface StackInfo {
  readonly name: string;
  /** The process that supervises the others. */
  readonly supervisorPid: number;
  readonly startedAtMs: number;
  readonly temporalAddress: string;
  readonly temporalUi: string;
  readonly awsRegion: string;
  readonly awsEndpoint: string;
  readonly otherRegions: readonly RegionConfig[];
  readonly databaseUrl: string;
  readonly directory: string;
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  readonly notes: readonly string[];
}

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

export function stackDirectory(home: string, name: string): string {
  if (!NAME.test(name)) throw new Error(`--name is "${name}"; expected small letters, digits and dashes, such as "default"`);
  return resolve(home, 'local', name);
}

/** The key that signs the audit of a local cloud. */
export function auditKeyOf(directory: string): string {
  return join(directory, 'audit-key.pem');
}

export async function writeStack(info: StackInfo): Promise<void> {
  await mkdir(info.directory, { recursive: true });
  const file = join(info.directory, 'stack.json');
  await writeFile(`${file}.new`, JSON.stringify(info, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function removeStack(directory: string): Promise<void> {
  await rm(join(directory, 'stack.json'), { force: true });
}

/** The stack of that name as it was written; null where there is none. */
export async function readStack(home: string, name: string): Promise<StackInfo | null> {
  const text = await readFile(join(stackDirectory(home, name), 'stack.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as StackInfo);
}

/** Only what is really up: the file of a killed supervisor stays behind. */
export async function runningStack(home: string, name: string): Promise<StackInfo | null> {
  const info = await readStack(home, name);
  return info !== null && isAlive(info.supervisorPid) ? info : null;
}

export async function stackNames(home: string): Promise<string[]> {
  return readdir(resolve(home, 'local')).catch(() => []);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
