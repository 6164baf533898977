import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Puts `foreshift` into a folder, for the search path of instances: this very program, run by this very Node. */
export function writeForeshiftShim(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'foreshift'), `#!/bin/sh\nexec '${process.execPath}' '${programFile()}' "$@"\n`, { mode: 0o755 });
}

/** The file of the foreshift program. Compiled or not, it lies in a folder above: how far above differs. */
export function programFile(folder = __dirname): string {
  const file = join(folder, 'bin', 'foreshift.js');
  if (existsSync(file)) return file;
  if (dirname(folder) === folder) throw new Error('bin/foreshift.js is in no folder above the local cloud');
  return programFile(dirname(folder));
}
