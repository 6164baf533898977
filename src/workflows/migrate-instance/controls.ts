import { CancellationScope, condition, defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { MIGRATION_MESSAGES } from '../../contracts/migrate-instance';
import type { AbortArgs, ApproveArgs, MigrationStatus, RampRateArgs } from '../../contracts/migrate-instance';
import { checkApprove } from '../../domain/check-approve';
import { checkFields, text } from '../../domain/field-checks';
import { checkPlainCommand } from '../../domain/queue/queue-input';
import { rampSteps, stepDuration } from '../../domain/migration-input';
import { refuseInput } from '../refuse-input';

export const pauseSignal = defineSignal(MIGRATION_MESSAGES.pause);
export const resumeSignal = defineSignal(MIGRATION_MESSAGES.resume);
export const requestAbortSignal = defineSignal<[AbortArgs]>(MIGRATION_MESSAGES.requestAbort);
export const requestRampRateSignal = defineSignal<[RampRateArgs]>(MIGRATION_MESSAGES.requestRampRate);
const approveUpdate = defineUpdate<string, [ApproveArgs]>(MIGRATION_MESSAGES.approve);
const abortUpdate = defineUpdate<string, [AbortArgs]>(MIGRATION_MESSAGES.abort);
const setRampRateUpdate = defineUpdate<string, [RampRateArgs]>(MIGRATION_MESSAGES.setRampRate);
const statusQuery = defineQuery<MigrationStatus>(MIGRATION_MESSAGES.status);

export interface OperatorCommand {
  readonly kind: 'approve' | 'abort' | 'setRampRate' | 'pause' | 'resume';
  readonly by: string;
  readonly text: string;
}

/** What operators can say to a running migration, and what they have said. */
export class Controls {
  paused = false;
  aborting: string | null = null;
  rampRate: RampRateArgs = {};
  approval: ApproveArgs | null = null;
  gate: { readonly planHash: string; readonly untilMs: number } | null = null;
  /** Set when the way back is closed; the sentence is the answer to a late abort. */
  noReturn: string | null = null;
  /** Commands not yet written to the audit. */
  readonly unrecorded: OperatorCommand[] = [];
  private readonly scope = new CancellationScope();

  constructor(status: () => MigrationStatus) {
    setHandler(statusQuery, status, { description: 'Phase, plan, shadow, weights, verdicts, what a rollback would undo' });
    setHandler(pauseSignal, () => this.setPaused(true), { description: 'Holds at the next safe point' });
    setHandler(resumeSignal, () => this.setPaused(false), { description: 'Goes on after a pause' });
    setHandler(requestAbortSignal, (args) => {
      // Nobody is answered: what says nothing has no effect. An error here would be the workflow's own, and stop it for ever.
      if (this.noReturn === null && hasReason(args)) this.abort(args);
    });
    setHandler(requestRampRateSignal, (args) => {
      if (rampRateProblems(args).length === 0) this.setRampRate(args);
    });
    // A handler looks again at what depends on the moment: it runs only after it was looked up who speaks.
    setHandler(abortUpdate, (args) => (this.validateAbort(args), this.abort(args)), {
      validator: (args: AbortArgs | undefined) => {
        this.validateAbort(args);
        refuseInput(checkPlainCommand(args, 'abort'));
      },
      description: 'Rolls back from wherever the migration is: {"reason": "..."}',
    });
    setHandler(approveUpdate, (args) => (this.validateApproval(args), this.approve(args)), {
      validator: (args: ApproveArgs | undefined) => {
        this.validateApproval(args);
        refuseInput(checkApprove(args));
      },
      description: 'Approves the plan: {"planHash": "...", "by": "..."}',
    });
    setHandler(setRampRateUpdate, (args) => this.setRampRate(args), {
      validator: (args) => refuseInput(rampRateProblems(args)),
      description: 'Changes the steps still to come: {"stepsPercent": [50, 100], "stepMs": 60000}',
    });
  }

  /** Runs the way forward in a scope that `abort` cancels. */
  async run<T>(forward: () => Promise<T>): Promise<T> {
    return this.scope.run(forward);
  }

  /** The safe point at which a pause holds. */
  async safePoint(): Promise<void> {
    if (this.paused) await condition(() => !this.paused);
  }

  /** From now on an approval of this plan is waited for; an earlier one is another matter. */
  openGate(planHash: string, untilMs: number): void {
    this.approval = null;
    this.gate = { planHash, untilMs };
  }

  private setPaused(paused: boolean): void {
    this.paused = paused;
    this.note({ kind: paused ? 'pause' : 'resume', by: 'operator', text: paused ? 'paused' : 'resumed' });
  }

  private validateAbort(args: AbortArgs | undefined): void {
    if (!hasReason(args)) refuseInput(['reason is missing; abort takes {"reason": "..."}']);
    if (this.noReturn !== null) refuseInput([this.noReturn]);
  }

  private abort(args: AbortArgs): string {
    this.aborting ??= args.reason;
    this.note({ kind: 'abort', by: args.by ?? 'operator', text: `abort: ${args.reason}` });
    this.scope.cancel();
    return 'rolling back';
  }

  private validateApproval(args: ApproveArgs | undefined): void {
    if (this.gate === null) refuseInput(['no approval is awaited']);
    if (typeof args?.planHash !== 'string') refuseInput(['planHash is missing; approve takes {"planHash": "..."} as the status query shows it']);
    if (args?.planHash !== this.gate?.planHash) refuseInput([`planHash ${args?.planHash ?? ''} is not the plan that awaits approval (${this.gate?.planHash ?? ''})`]);
  }

  private approve(args: ApproveArgs): string {
    this.approval = args;
    this.note({ kind: 'approve', by: args.by ?? 'operator', text: `approved plan ${args.planHash}` });
    return 'approved';
  }

  private setRampRate({ by = 'operator', ...rate }: RampRateArgs): string {
    this.rampRate = { ...this.rampRate, ...rate };
    this.note({ kind: 'setRampRate', by, text: `ramp rate ${JSON.stringify(rate)}` });
    return 'the steps still to come follow the new rate';
  }

  private note(command: OperatorCommand): void {
    this.unrecorded.push(command);
  }
}

function hasReason(args: Partial<AbortArgs> | null | undefined): boolean {
  return typeof args?.reason === 'string' && args.reason !== '';
}

function rampRateProblems(args: unknown): string[] {
  return checkFields(args, { stepsPercent: rampSteps, stepMs: stepDuration, by: text(100) }, [], 'setRampRate');
}
