import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ProvisionReplicasResult, Replica } from '../../contracts/provision-replicas';
import { PHASE_ATTRIBUTE } from '../../contracts/search-attributes';
import type { ProvisionPhase } from '../../domain/capacity/provision-phase';
import { AuditTrail } from '../audit-trail';
import { steps } from '../capacity-proxies';
import { PhaseLog } from '../phase-log';
import { showOutcome } from '../show-outcome';

const SHOWN: readonly ProvisionPhase[] = ['plan', 'reserve', 'launch', 'settle'];

/** What has happened so far: for the status query, the Temporal UI and the audit. */
export class Story {
  phase: ProvisionPhase | 'done' = 'plan';
  outcome: ProvisionReplicasResult['kind'] | null = null;
  headline = '';
  replicas: readonly Replica[] = [];
  left: readonly string[] = [];
  readonly log = new PhaseLog<ProvisionPhase>();
  readonly trail: AuditTrail;

  constructor(private readonly requestId: string) {
    this.trail = new AuditTrail((entry) => steps.recordAudit(entry), { runId: workflowInfo().runId, actor: 'foreshift:replicas', instanceId: null });
  }

  async enter(phase: ProvisionPhase, note?: string): Promise<void> {
    this.log.begin(phase, note);
    this.phase = phase;
    upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: phase }]);
    this.show();
    await this.trail.record('phase', `entered phase ${phase}`, { reason: note ?? null });
  }

  note(note: string): void {
    this.log.note(note);
    this.show();
  }

  async finish(result: ProvisionReplicasResult): Promise<void> {
    this.log.end();
    this.phase = 'done';
    this.outcome = result.kind;
    showOutcome(result);
    this.show();
    await this.trail.record('outcome', result.kind, { reason: 'reasons' in result ? result.reasons.join('; ') : null, detail: result });
  }

  show(): void {
    const lines = [
      `### ${this.requestId}: ${this.outcome ?? this.phase}`,
      this.headline,
      ...this.replicas.map(({ instanceId, shape, zone, usdPerHour }) => `- **${instanceId}** ${shape} in ${zone}, ${usdPerHour.toFixed(4)} USD/h`),
      ...(this.left.length > 0 ? [`**Left for an operator:** ${this.left.join('; ')}`] : []),
      '',
      ...this.log.table([...SHOWN, ...(this.phase === 'keep' || this.phase === 'rollback' || this.phase === 'release' ? [this.phase] : [])]),
    ];
    setCurrentDetails(lines.join('\n'));
  }
}
