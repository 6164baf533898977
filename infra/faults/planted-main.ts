import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { environment } from '../../src/contracts/config';
import { check } from '../bench/check';
import { PLANTED_BUGS, type PlantedBug } from './planted/planted-bugs';

const run = promisify(execFile);
const ROOT = join(__dirname, '..', '..', '..');
/** What is built and run; the rest of the repository plays no part. */
const COPIED = ['src', 'infra', 'bin', 'dist', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;
const CASES_WITHIN_MS = 15 * 60_000;

/** Plants each bug into a copy of the product and runs the cases that must notice. The exit code is 1 where one goes unnoticed. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const bugs = PLANTED_BUGS.filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));
  if (bugs.length === 0) throw new Error(`--only is "${values.only ?? ''}"; expected some of ${PLANTED_BUGS.map(({ name }) => name).join(', ')}`);
  for (const bug of bugs) {
    const said = await caseRunWith(bug);
    check(`${bug.name}, by which ${bug.symptom}, is caught: ${said ?? 'no case was violated'}`, said !== null);
  }
}

/** The first violation that the cases tell; null where they all hold. Throws where they could not be run. */
async function caseRunWith({ name, only }: PlantedBug): Promise<string | null> {
  const copy = await mkdtemp(join(tmpdir(), `foreshift-planted-${name}-`));
  try {
    for (const part of COPIED) await cp(join(ROOT, part), join(copy, part), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await run('git', ['apply', join(ROOT, 'infra', 'faults', 'planted', `${name}.patch`)], { cwd: copy });
    // What a mistake leaves unused is no hint that reviewers would get.
    await run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--noUnusedLocals', 'false'], { cwd: copy });
    const matrix = [join(copy, 'dist', 'infra', 'faults', 'matrix-main.js'), '--only', only, '--name', `planted-${name}`.slice(0, 31), '--json'];
    const { stderr } = await run(process.execPath, matrix, { cwd: copy, env: { ...environment() }, maxBuffer: MOST_OUTPUT_BYTES, timeout: CASES_WITHIN_MS }).catch((error: unknown) => error as { readonly stderr: string });
    const violated = /VIOLATED [^\n]*\n\s*expected [^\n]*/.exec(stderr)?.[0];
    if (violated === undefined && !/\bheld\b/.test(stderr)) throw new Error(`the cases for ${name} could not be run:\n${stderr.slice(-3_000)}`);
    return violated?.replaceAll(/\s+/g, ' ').slice(0, 300) ?? null;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
