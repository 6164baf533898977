import type { AutonomyRecord } from '../../domain/autonomy/autonomy-record';
import type { AutonomyDecision } from '../../domain/autonomy/decide-autonomy';
import { alignColumns } from '../forecast/align-columns';

/** A pool's mode as it is, and what would be decided of it now. */
export interface PoolStanding {
  readonly pool: string;
  readonly record: AutonomyRecord;
  readonly decision: AutonomyDecision;
}

/** The modes of pools, a line each; then what each next one lacks. */
export function describeStandings(standings: readonly PoolStanding[]): string {
  const rows = standings.map(({ pool, record: { mode, sinceMs, drill, moves, lately }, decision }) => [
    pool,
    mode,
    sinceMs === 0 ? 'never changed' : `since ${new Date(sinceMs).toISOString().slice(0, 16)}Z`,
    `${lately.forecasts} scored`,
    `${moves.completed + moves.rolledBack} moves, ${moves.rolledBack} back`,
    drill === null ? 'no drill' : `drill ${drill.passed ? `${((drill.timeToSafeMs ?? 0) / 1_000).toFixed(1)} s` : 'failed'}`,
    decision.change === 'stays' ? '' : `${decision.change} to ${decision.mode} when it is next asked for`,
  ]);
  return [...alignColumns([['pool', 'mode', '', 'forecasts', 'moves', 'way back', ''], ...rows]), ...standings.flatMap(why)].join('\n');
}

function why({ pool, decision: { change, reasons, missing } }: PoolStanding): string[] {
  const told = change === 'stays' ? [...reasons, ...missing.map((one) => `missing: ${one}`)] : reasons;
  return ['', `${pool}:`, ...told.map((one) => `  ${one}`)];
}
