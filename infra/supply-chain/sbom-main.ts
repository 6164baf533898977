import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { name } from '../../package.json';
import type { LockFile } from './locked-packages';
import { makeSbom, type Sbom } from './make-sbom';

const ROOT = join(__dirname, '../../..');
const MOST_BYTES = 64 * 1_048_576;

/** `npm run sbom [-- FILE]`: CycloneDX of what is installed where the product runs, from the lock file alone, on standard output or into a file. */
function main([file]: readonly string[]): void {
  const all = JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], { cwd: ROOT, encoding: 'utf8', maxBuffer: MOST_BYTES })) as Sbom;
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile;
  const text = `${JSON.stringify(makeSbom(all, lock, name), null, 2)}\n`;
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}

main(process.argv.slice(2));
