import type { AuditEntry } from '../contracts/audit';
import { MIGRATION_PHASES, type MigrationPhase } from '../domain/migration-phase';
import type { MigrationPlan } from '../domain/migration-plan';
import type { StatePlace } from '../domain/recovery/assess-move';
import type { TrafficBinding } from '../domain/source-snapshot';
import type { MoveRecord } from './move-record-port';

const PLAN = 'plan';
const GROUPS_BEGIN = 'createRampGroups begins';
const PHASE = 'entered phase ';
/** Where the state is after each of these. */
const STATE_AFTER: Readonly<Record<string, StatePlace>> = { 'beginSync begins': 'onItsWay', 'handOverState begins': 'onItsWay', handOverState: 'shadow', 'takeStateBack begins': 'onItsWay', takeStateBack: 'source' };

/** Summaries of the records, beside those of phases, from which a move is remembered. */
export const TELLING_SUMMARIES: readonly string[] = [PLAN, GROUPS_BEGIN, ...Object.keys(STATE_AFTER)];

/** What was planned, which routes there were before, and how far it came: of the newest plan among the records of one workflow id, in their order. */
export function moveRecordOf(all: readonly AuditEntry[]): MoveRecord | null {
  const from = all.findLastIndex(({ kind, summary }) => kind === 'decision' && summary === PLAN);
  const entries = all.slice(Math.max(0, from));
  const [planned] = entries;
  if (from === -1 || planned === undefined) return null;
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
}
