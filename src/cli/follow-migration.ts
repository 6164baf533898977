import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { MIGRATION_MESSAGES } from '../contracts/migrate-instance';
import type { MigrationStatus } from '../contracts/migrate-instance';
import { describePhase } from './describe-phase';

const LOOK_EVERY_MS = 300;

/** Prints each phase of a migration as it ends, until the migration does. `onStatus` sees every look. */
export async function followMigration(handle: WorkflowHandle, say: (line: string) => void, onStatus: (status: MigrationStatus) => Promise<void> = async () => undefined): Promise<void> {
  let ended = false;
  handle.result().then(
    () => (ended = true),
    () => (ended = true),
  );
  let shown = 0;
  const look = async (): Promise<void> => {
    // A worker may be starting, or the workflow may have failed before it could answer.
    const status = await handle.query<MigrationStatus>(MIGRATION_MESSAGES.status).catch(() => null);
    if (status === null) return;
    const finished = status.phases.filter((phase) => phase.endedAtMs !== undefined);
    for (const phase of finished.slice(shown)) say(describePhase(phase));
    shown = finished.length;
    await onStatus(status);
  };
  while (!ended) {
    await look();
    await sleep(LOOK_EVERY_MS);
  }
  await look();
}
