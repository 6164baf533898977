import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { judgeAudit } from './judge-audit';

const ROOT = join(__dirname, '../../..');
const WITHIN_MS = 60_000;

/** `npm run audit`: advisories of high and critical severity about what is installed where the product runs. Exit code 1 where there is one, 2 where nobody could be asked. */
function main(): void {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], { cwd: ROOT, encoding: 'utf8', timeout: WITHIN_MS });
  const { exitCode, lines } = judgeAudit(stdout ?? '');
  for (const line of lines) (exitCode === 0 ? console.log : console.error)(line);
  process.exitCode = exitCode;
}

main();
