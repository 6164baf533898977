import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { MIGRATION_MESSAGES } from '../../contracts/migrate-instance';
import type { MigrationStatus } from '../../contracts/migrate-instance';
import { describePhase } from '../describe-phase';
import { renderMigration } from './render-migration';

const LOOK_EVERY_MS = 300;

/** Looks at a migration until it ends: `see` gets every look that was answered, the last one after the end. */
async function untilEnded(handle: WorkflowHandle, see: (status: MigrationStatus) => Promise<void>): Promise<void> {
  let ended = false;
  handle.result().then(
    () => (ended = true),
    () => (ended = true),
  );
  const look = async (): Promise<void> => {
    // A worker may be starting, or the workflow may have failed before it could answer.
    const status = await handle.query<MigrationStatus>(MIGRATION_MESSAGES.status).catch(() => null);
    if (status !== null) await see(status);
  };
  while (!ended) {
    await look();
    await sleep(LOOK_EVERY_MS);
  }
  await look();
}

/** Prints each phase of a migration as it ends, until the migration does. `onStatus` sees every look. */
export async function followMigration(handle: WorkflowHandle, say: (line: string) => void, onStatus: (status: MigrationStatus) => Promise<void> = async () => undefined): Promise<void> {
  let shown = 0;
  await untilEnded(handle, async (status) => {
    const finished = status.phases.filter((phase) => phase.endedAtMs !== undefined);
    for (const phase of finished.slice(shown)) say(describePhase(phase));
    shown = finished.length;
    await onStatus(status);
  });
}

/** Shows a migration to its end: in a terminal as one picture that changes, elsewhere a line for each phase; as JSON, a line for each status that is another. */
export async function watchMigration(handle: WorkflowHandle, as: 'json' | 'text'): Promise<void> {
  if (as === 'text' && !process.stdout.isTTY) return followMigration(handle, (line) => console.log(line));
  if (as === 'json') {
    let last = '';
    return untilEnded(handle, async (status) => {
      const text = JSON.stringify(status);
      if (text !== last) console.log(text);
      last = text;
    });
  }
  const { default: logUpdate } = await import('log-update');
  await untilEnded(handle, async (status) => logUpdate(renderMigration(status, Date.now())));
  logUpdate.done();
}
