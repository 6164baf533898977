import type { AutonomyRecord } from './autonomy-record';

/** A move that ended, or a change of shape in place. */
export interface EndedMove {
  readonly workflowId: string;
  readonly atMs: number;
  readonly outcome: string;
  /** Who took it back first, as the audit names them; null where nobody did. */
  readonly abortedBy: string | null;
}

/** How the names of what is no person begin. */
const OURS = 'foreshift:';

/** What moves, oldest first, say of trust in a pool: an incident begins the count anew. */
export function tallyMoves(moves: readonly EndedMove[]): Pick<AutonomyRecord, 'incidents' | 'moves'> {
  const incidents: string[] = [];
  let count = { completed: 0, rolledBack: 0 };
  for (const { workflowId, atMs, outcome, abortedBy } of moves) {
    const isCalledOff = abortedBy !== null && outcome !== 'NeedsOperator';
    // A queue calls moves off that are no longer wanted: that speaks neither for nor against them.
    if (isCalledOff && abortedBy.startsWith(OURS)) continue;
    if (outcome === 'NeedsOperator' || isCalledOff) {
      incidents.push(`${workflowId} ${isCalledOff ? `was taken back by ${abortedBy}` : 'needed an operator'} (${new Date(atMs).toISOString()}), allowed are none`);
      count = { completed: 0, rolledBack: 0 };
    } else if (outcome === 'Completed' || outcome === 'Resized') count = { ...count, completed: count.completed + 1 };
    else if (outcome === 'RolledBack') count = { ...count, rolledBack: count.rolledBack + 1 };
  }
  return { incidents, moves: count };
}
