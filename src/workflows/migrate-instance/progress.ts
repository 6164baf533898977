import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { AuditReceipt } from '../../contracts/audit';
import type { MigrateInstanceResult, MigrationStatus, ReservationRef } from '../../contracts/migrate-instance';
import type { Rehearsed } from '../../contracts/rehearse-rollback';
import { PHASE_ATTRIBUTE } from '../../contracts/search-attributes';
import type { MigrationPhase } from '../../domain/migration-phase';
import { MIGRATION_PHASES } from '../../domain/migration-phase';
import { AuditTrail } from '../audit-trail';
import { PhaseLog } from '../phase-log';
import { showOutcome } from '../show-outcome';
import { countMigration, countPhase } from './migration-metrics';
import { locals } from './activities';

/** How a move, or a rehearsal of one, ends. */
export type MoveEnding = MigrateInstanceResult | Rehearsed;

/** What has happened so far: kept for the status query, shown in the Temporal UI and written to the audit. */
export class Progress {
  phase: MigrationPhase | 'rollback' | 'done' = 'forecast';
  outcome: MoveEnding['kind'] | null = null;
  planHash: string | null = null;
  shadowId: string | null = null;
  region: string | undefined = undefined;
  reservation: ReservationRef | null = null;
  shadowPercent = 0;
  lastVerdict: string | null = null;
  sync: MigrationStatus['sync'] = null;
  left: readonly string[] = [];
  headline = '';
  /** Where the console is, to link to. */
  consoleUrl: string | null = null;
  private readonly log = new PhaseLog<MigrationPhase | 'rollback'>();
  private readonly trail: AuditTrail;

  constructor(
    private readonly instanceId: string,
    trigger: string,
  ) {
    this.trail = new AuditTrail((entry) => locals.recordAudit(entry), { runId: workflowInfo().firstExecutionRunId, actor: `foreshift:${trigger}`, instanceId });
  }

  get phases() {
    return this.log.entries;
  }

  async enter(phase: MigrationPhase | 'rollback', note?: string): Promise<void> {
    this.leavePhase();
    this.log.begin(phase, note);
    this.phase = phase;
    upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: phase }]);
    this.show();
    await this.audit('phase', `entered phase ${phase}`, { reason: note ?? null });
  }

  async finish(result: MoveEnding): Promise<void> {
    this.leavePhase();
    countMigration(result.kind, Date.now() - workflowInfo().startTime.getTime());
    this.phase = 'done';
    this.outcome = result.kind;
    showOutcome(result);
    this.show();
    await this.audit('outcome', result.kind, { reason: reasonOf(result), detail: result });
  }

  private leavePhase(): void {
    const left = this.log.entries.at(-1);
    this.log.end();
    if (left !== undefined) countPhase(left.phase, Date.now() - left.startedAtMs);
  }

  /** From now on it is known what the instance serves. */
  serves(service: string, fleet: string | null): void {
    this.trail.serves(service, fleet);
  }

  /** Adds a sentence to the current phase and shows it. */
  note(note: string): void {
    this.log.note(note);
    this.show();
  }

  audit(...record: Parameters<AuditTrail['record']>): Promise<AuditReceipt> {
    return this.trail.record(...record);
  }

  status(controls: Pick<MigrationStatus, 'paused' | 'aborting' | 'awaitingApproval'>, undo: readonly string[]): MigrationStatus {
    return {
      instanceId: this.instanceId,
      phase: this.phase,
      outcome: this.outcome,
      ...controls,
      planHash: this.planHash,
      shadowId: this.shadowId,
      ...(this.region === undefined ? {} : { region: this.region }),
      reservation: this.reservation,
      shadowPercent: this.shadowPercent,
      lastVerdict: this.lastVerdict,
      sync: this.sync,
      phases: this.phases,
      undo,
      left: this.left,
    };
  }

  /** Markdown for the Temporal UI: one line of what is going on, then the phases. */
  private show(): void {
    const order = [...MIGRATION_PHASES, ...(this.phases.some(({ phase }) => phase === 'rollback') ? (['rollback'] as const) : [])];
    const lines = [
      `### ${this.instanceId}: ${this.outcome ?? this.phase}`,
      this.headline,
      this.shadowId === null ? '' : `Shadow **${this.shadowId}**${this.region === undefined ? '' : ` in ${this.region}`} takes **${this.shadowPercent} %** of the source's traffic. ${this.lastVerdict ?? ''}`,
      ...(this.left.length > 0 ? [`**Left for an operator:** ${this.left.join('; ')}`] : []),
      '',
      ...this.log.table(order),
      ...(this.consoleUrl === null ? [] : ['', `[In the console](${this.consoleUrl.replace(/\/$/, '')}/#/migration/${this.instanceId})`]),
    ];
    setCurrentDetails(lines.filter((line, i) => line !== '' || i > 2).join('\n'));
  }
}

function reasonOf(result: MoveEnding): string | null {
  return 'reasons' in result ? result.reasons.join('; ') : null;
}
