import { sql } from 'kysely';
import type { MoveRecordPort } from '../../activities/move-record-port';
import type { AuditEntry } from '../../contracts/audit';
import { retryableFailure } from '../../contracts/errors';
import type { MigrationPlan } from '../../domain/migration-plan';
import { MIGRATION_PHASES, type MigrationPhase } from '../../domain/migration-phase';
import type { StatePlace } from '../../domain/recovery/assess-move';
import type { TrafficBinding } from '../../domain/source-snapshot';
import type { Database } from './database';

const PLAN = 'plan';
const GROUPS_BEGIN = 'createRampGroups begins';
const PHASE = 'entered phase ';
/** Where the state is after each of these. */
const STATE_AFTER: Readonly<Record<string, StatePlace>> = { 'beginSync begins': 'onItsWay', 'handOverState begins': 'onItsWay', handOverState: 'shadow', 'takeStateBack begins': 'onItsWay', takeStateBack: 'source' };

/** Moves as the audit remembers them: what was planned, which routes there were before, and how far it came. */
export function createMoveRecords(db: Database): MoveRecordPort {
  return {
    async newest(workflowId) {
      const summaries = [PLAN, GROUPS_BEGIN, ...Object.keys(STATE_AFTER)];
      const { rows } = await sql<{ entry: string }>`
        with told as (select seq, kind, entry, audit_field(entry, 'summary') as summary from audit where workflow_id = ${workflowId})
        select entry from told where (kind = 'phase' or summary = any(${summaries}))
          and seq >= (select max(seq) from told where kind = 'decision' and summary = ${PLAN}) order by seq`
        .execute(db)
        .catch((error: unknown) => {
          throw retryableFailure('Unavailable', `the audit cannot be read: ${String(error)}`, error instanceof Error ? error : undefined);
        });
      const entries = rows.map(({ entry }) => JSON.parse(entry) as AuditEntry);
      const planned = entries[0];
      if (planned === undefined) return null;
      const begun = entries.find(({ summary }) => summary === GROUPS_BEGIN);
      const phases = entries.filter(({ kind }) => kind === 'phase').map(({ summary }) => summary.slice(PHASE.length));
      return {
        runId: planned.runId,
        plan: planned.detail as MigrationPlan,
        phase: (phases.at(-1) ?? 'plan') as MigrationPhase | 'rollback',
        reached: MIGRATION_PHASES.findLast((phase) => phases.includes(phase)) ?? 'plan',
        traffic: (begun?.detail as { readonly traffic?: TrafficBinding } | undefined)?.traffic ?? null,
        stateIn: STATE_AFTER[entries.findLast(({ summary }) => summary in STATE_AFTER)?.summary ?? ''] ?? 'source',
      };
    },
  };
}
