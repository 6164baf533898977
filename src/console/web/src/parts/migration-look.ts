import type { MigrationRow } from '../../../console-api';
import type { StateLook } from './pill';

const ENDED: Readonly<Record<string, StateLook>> = {
  Completed: { text: 'completed', tone: 'good', icon: 'check' },
  Planned: { text: 'planned only', tone: 'idle', icon: 'info' },
  Refused: { text: 'refused', tone: 'idle', icon: 'stop' },
  RolledBack: { text: 'rolled back', tone: 'warn', icon: 'back' },
  NeedsOperator: { text: 'needs an operator', tone: 'bad', icon: 'alert' },
};

/** How a migration stands, for a reader. */
export function lookOf({ endedAtMs, outcome, state, phase, status }: Pick<MigrationRow, 'endedAtMs' | 'outcome' | 'state' | 'phase' | 'status'>): StateLook {
  if (endedAtMs !== null) return ENDED[outcome ?? ''] ?? { text: state.toLowerCase(), tone: state === 'COMPLETED' ? 'idle' : 'bad', icon: state === 'COMPLETED' ? 'check' : 'cross' };
  if (status?.aborting != null || phase === 'rollback') return { text: 'going back', tone: 'warn', icon: 'back' };
  if (status?.awaitingApproval != null) return { text: 'waits for approval', tone: 'warn', icon: 'clock' };
  if (status?.paused === true) return { text: 'paused', tone: 'idle', icon: 'pause' };
  return { text: 'running', tone: 'info', icon: 'play' };
}
