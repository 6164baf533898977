import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { AuditKind, AuditReceipt } from '../../contracts/audit';
import type { MigrateInstanceResult, MigrationStatus, PhaseRecord, ReservationRef } from '../../contracts/migrate-instance';
import { OUTCOME_ATTRIBUTE, PHASE_ATTRIBUTE } from '../../contracts/search-attributes';
import type { MigrationPhase } from '../../domain/migration-phase';
import { MIGRATION_PHASES } from '../../domain/migration-phase';
import { locals } from './activities';

/** What has happened so far: kept for the status query, shown in the Temporal UI and written to the audit. */
export class Progress {
  phase: MigrationPhase | 'rollback' | 'done' = 'forecast';
  outcome: MigrateInstanceResult['kind'] | null = null;
  planHash: string | null = null;
  shadowId: string | null = null;
  reservation: ReservationRef | null = null;
  shadowPercent = 0;
  lastVerdict: string | null = null;
  left: readonly string[] = [];
  readonly phases: PhaseRecord[] = [];
  headline = '';
  private audited = 0;

  constructor(
    private readonly instanceId: string,
    private readonly trigger: string,
  ) {}

  async enter(phase: MigrationPhase | 'rollback', note?: string): Promise<void> {
    this.close();
    this.phase = phase;
    this.phases.push({ phase, startedAtMs: Date.now(), ...(note === undefined ? {} : { note }) });
    upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: phase }]);
    this.show();
    await this.audit('phase', `entered phase ${phase}`, { reason: note ?? null });
  }

  async finish(result: MigrateInstanceResult): Promise<void> {
    this.close();
    this.phase = 'done';
    this.outcome = result.kind;
    upsertSearchAttributes([
      { key: PHASE_ATTRIBUTE, value: 'done' },
      { key: OUTCOME_ATTRIBUTE, value: result.kind },
    ]);
    this.show();
    await this.audit('outcome', result.kind, { reason: reasonOf(result), detail: result });
  }

  /** Adds a sentence to the current phase and shows it. */
  note(note: string): void {
    const current = this.phases.at(-1);
    if (current !== undefined) this.phases[this.phases.length - 1] = { ...current, note };
    this.show();
  }

  /** The counter makes the key the same in every replay, so that a repeated write is one record. */
  async audit(kind: AuditKind, summary: string, more: { reason?: string | null; detail?: unknown; actor?: string } = {}): Promise<AuditReceipt> {
    const info = workflowInfo();
    this.audited += 1;
    return locals.recordAudit({
      key: `${info.workflowId}/${info.firstExecutionRunId}/${this.audited}`,
      kind,
      atMs: Date.now(),
      actor: more.actor ?? `foreshift:${this.trigger}`,
      workflowId: info.workflowId,
      runId: info.firstExecutionRunId,
      instanceId: this.instanceId,
      summary,
      reason: more.reason ?? null,
      detail: more.detail ?? null,
    });
  }

  status(controls: Pick<MigrationStatus, 'paused' | 'aborting' | 'awaitingApproval'>, undo: readonly string[]): MigrationStatus {
    return {
      instanceId: this.instanceId,
      phase: this.phase,
      outcome: this.outcome,
      ...controls,
      planHash: this.planHash,
      shadowId: this.shadowId,
      reservation: this.reservation,
      shadowPercent: this.shadowPercent,
      lastVerdict: this.lastVerdict,
      phases: this.phases,
      undo,
      left: this.left,
    };
  }

  private close(): void {
    const current = this.phases.at(-1);
    if (current !== undefined && current.endedAtMs === undefined) this.phases[this.phases.length - 1] = { ...current, endedAtMs: Date.now() };
  }

  /** Markdown for the Temporal UI: one line of what is going on, then the phases. */
  private show(): void {
    const seen = new Map(this.phases.map((record) => [record.phase, record]));
    const rows = [...MIGRATION_PHASES, ...(seen.has('rollback') ? (['rollback'] as const) : [])].map((phase) => {
      const record = seen.get(phase);
      const mark = record === undefined ? '·' : record.endedAtMs === undefined ? '**now**' : `${((record.endedAtMs - record.startedAtMs) / 1000).toFixed(1)} s`;
      return `| ${phase} | ${mark} | ${record?.note ?? ''} |`;
    });
    const lines = [
      `### ${this.instanceId}: ${this.outcome ?? this.phase}`,
      this.headline,
      this.shadowId === null ? '' : `Shadow **${this.shadowId}** takes **${this.shadowPercent} %** of the source's traffic. ${this.lastVerdict ?? ''}`,
      ...(this.left.length > 0 ? [`**Left for an operator:** ${this.left.join('; ')}`] : []),
      '',
      '| phase | | |',
      '|---|---|---|',
      ...rows,
    ];
    setCurrentDetails(lines.filter((line, i) => line !== '' || i > 2).join('\n'));
  }
}

function reasonOf(result: MigrateInstanceResult): string | null {
  return 'reasons' in result ? result.reasons.join('; ') : null;
}
