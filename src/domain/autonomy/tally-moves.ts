import type { AutonomyRecord } from './autonomy-record';

/** A move that ended, or a change of shape in place. */
export interface EndedMove {
  readonly workflowId: string;
  readonly atMs: number;
  readonly outcome: string;
  /** An operator took it back. */
  readonly wasAborted: boolean;
}

/** What moves, oldest first, say of trust in a pool: an incident begins the count anew. */
export function tallyMoves(moves: readonly EndedMove[]): Pick<AutonomyRecord, 'incidents' | 'moves'> {
  const incidents: string[] = [];
  let count = { completed: 0, rolledBack: 0 };
  for (const { workflowId, atMs, outcome, wasAborted } of moves) {
    if (outcome === 'NeedsOperator' || wasAborted) {
      incidents.push(`${workflowId} ${wasAborted ? 'was taken back by an operator' : 'needed an operator'} (${new Date(atMs).toISOString()}), allowed are none`);
      count = { completed: 0, rolledBack: 0 };
    } else if (outcome === 'Completed' || outcome === 'Resized') count = { ...count, completed: count.completed + 1 };
    else if (outcome === 'RolledBack') count = { ...count, rolledBack: count.rolledBack + 1 };
  }
  return { incidents, moves: count };
}
