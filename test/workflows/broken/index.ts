import { sleep } from '@temporalio/workflow';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import { migrateInstance as asItIs } from '../../../src/workflows/migrate-instance';

/** The migration with one more step than the recorded ones had, and no `patched` around it: what must never be released. */
export async function migrateInstance(input: MigrateInstanceInput): Promise<MigrateInstanceResult> {
  await sleep('1s');
  return asItIs(input);
}
