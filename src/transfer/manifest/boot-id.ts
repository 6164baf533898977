import { readFileSync } from 'node:fs';

/** Differs after every start of the machine; empty where the kernel tells none. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
