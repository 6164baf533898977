import type { Fleet } from './fleet';
import type { Host } from './host';

/** Minimum migration time (MMT): the VM with the least memory to copy, the first of equals; null where none is left. */
export function selectLeastRam({ tenants }: Host, { vmRamMb, inMigration }: Fleet): number | null {
  let least: number | null = null;
  for (const { vm } of tenants) {
    if (inMigration[vm] === 0 && (least === null || (vmRamMb[vm] as number) < (vmRamMb[least] as number))) least = vm;
  }
  return least;
}
