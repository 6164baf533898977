import { execFileSync } from 'node:child_process';

/** Whether the program openssl is there, which alone makes certificates. */
export const HAS_OPENSSL = ((): boolean => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();
