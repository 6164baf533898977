import { setTimeout as sleep } from 'node:timers/promises';
import { MIGRATE_INSTANCE } from '../../../src/contracts/migrate-instance';
import { REHEARSE_ROLLBACK } from '../../../src/contracts/rehearse-rollback';
import type { Ended, WorkflowStart } from '../cases/scenario';
import { standingOf } from '../check/check-world';
import type { Slot } from '../fleet/fleet';
import { GRACE_MS } from './reaper';
import type { World } from './world';

/** A run of the reaper takes away what an earlier one had to leave for the moment. */
const MOST_RUNS = 5;

/**
 * What is done about a workflow that was terminated, as docs/recovery.md says: a move is recovered and what is left of it reaped, anything else is asked for again.
 * @param again starts the same once more and tells how that ended
 */
export async function takeUp(world: World, slot: Slot, { type, workflowId }: WorkflowStart, again: () => Promise<Ended>): Promise<Ended> {
  if (type !== MIGRATE_INSTANCE && type !== REHEARSE_ROLLBACK) return again();
  await sleep(GRACE_MS);
  let left: readonly string[] = [];
  for (let run = 0; run < MOST_RUNS; run += 1) {
    await sleep(1_000);
    const { survey, failed } = await world.reaper.run();
    const owned = await world.resources.ownedBy(workflowId);
    left = [...survey.needsOperator, ...failed].filter(({ id }) => owned.has(id)).map(({ id, why }) => `${owned.get(id)?.replace(/ \(.*/, '') ?? ''} ${id}: ${why}`);
    if (owned.size === 0) break;
  }
  const standing = await standingOf(world, slot);
  const source = slot.instanceIds[0] ?? '';
  const replacementId = standing.find((id) => !slot.instanceIds.includes(id));
  if (left.length > 0) return { kind: 'NeedsOperator', reasons: ['the reaper left it'], left, result: null };
  const result = standing.includes(source) ? { kind: 'RolledBack' } : { kind: 'Completed', replacementId: replacementId ?? '' };
  return { kind: result.kind, reasons: [], left: [], result };
}
