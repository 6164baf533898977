import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithParent } from './end-with-parent';

/**
 * `node guarded-program.js COMMAND ARGS...` runs a program that would outlive a supervisor that was killed, and ends it
 * when the supervisor is gone.
 */
const PATIENCE_MS = 5_000;

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: 'inherit' });
const exited = once(child, 'exit');
child.once('exit', (code) => process.exit(code ?? 1));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
endWithParent(async () => {
  child.kill('SIGTERM');
  await Promise.race([exited, sleep(PATIENCE_MS)]);
  child.kill('SIGKILL');
});
