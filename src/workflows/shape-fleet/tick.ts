import { ApplicationFailure } from '@temporalio/common';
import { defineQuery, defineUpdate, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { TICK_MESSAGES, type ApprovePlanArgs, type DeclinePlanArgs, type PlanSummary, type ShapeFleetResult, type TickStatus } from '../../contracts/shape-fleet';
import { checkApprove } from '../../domain/check-approve';
import { checkPlainCommand } from '../../domain/queue/queue-input';
import { refuseInput } from '../refuse-input';

const approveUpdate = defineUpdate<string, [ApprovePlanArgs]>(TICK_MESSAGES.approve);
const declineUpdate = defineUpdate<string, [DeclinePlanArgs]>(TICK_MESSAGES.decline);
const statusQuery = defineQuery<TickStatus>(TICK_MESSAGES.status);

interface PlanDecision {
  readonly approved: boolean;
  readonly by: string;
  readonly reason: string | null;
}

/** How far a tick is, for the query and the Temporal UI, and what somebody said of its plan. */
export class Tick {
  decision: PlanDecision | null = null;
  private status: TickStatus = { phase: 'snapshot', shardsDone: 0, shards: 0, plan: null, awaitingApproval: null };

  /** @param confirm throws `StaleDecision` where a plan is outdated */
  constructor(confirm: (plan: { readonly planId: string }) => Promise<void>) {
    setHandler(statusQuery, () => this.status, { description: 'Phase, plan, and what waits for approval' });
    setHandler(
      approveUpdate,
      async ({ planHash, by = 'operator' }) => {
        const awaited = this.status.awaitingApproval;
        if (awaited !== null) await confirm(awaited);
        // Somebody else may have spoken meanwhile.
        if (this.decision !== null) throw refusal(`the plan was ${this.decision.approved ? 'approved' : 'declined'} by ${this.decision.by}`);
        this.decision = { approved: true, by, reason: `hash ${planHash}` };
        return 'approved';
      },
      { validator: (args: ApprovePlanArgs | undefined) => (this.validateApproval(args), refuseInput(checkApprove(args))), description: 'Approves the plan: {"planHash": "...", "by": "..."}' },
    );
    setHandler(
      declineUpdate,
      (args) => {
        // Somebody else may have spoken while it was looked up who this is.
        this.validateDecline(args);
        const { reason, by = 'operator' } = args;
        this.decision = { approved: false, by, reason };
        return 'declined';
      },
      { validator: (args: DeclinePlanArgs | undefined) => (this.validateDecline(args), refuseInput(checkPlainCommand(args, 'decline'))), description: 'Declines the plan: {"reason": "..."}' },
    );
  }

  show(change: Partial<TickStatus>): void {
    this.status = { ...this.status, ...change };
    setCurrentDetails(describe(this.status));
  }

  shardDone(): void {
    this.show({ shardsDone: this.status.shardsDone + 1 });
  }

  finish(result: ShapeFleetResult): ShapeFleetResult {
    this.show({ phase: 'done', awaitingApproval: null });
    return result;
  }

  private validateApproval(args: ApprovePlanArgs | undefined): void {
    const awaited = this.status.awaitingApproval;
    if (typeof args?.planHash !== 'string') throw refusal('planHash is missing; approve takes {"planHash": "..."} as the status query shows it');
    if (awaited === null || this.decision !== null) throw refusal('no approval is awaited');
    if (args.planHash !== awaited.planHash) throw refusal(`planHash ${args.planHash} is not the plan that awaits approval (${awaited.planHash})`);
  }

  private validateDecline(args: DeclinePlanArgs | undefined): void {
    if (typeof args?.reason !== 'string' || args.reason === '') throw refusal('reason is missing; decline takes {"reason": "..."}');
    if (this.status.awaitingApproval === null || this.decision !== null) throw refusal('no approval is awaited');
  }
}

function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'InvalidInput', message, nonRetryable: true });
}

/** Markdown for the Temporal UI. */
function describe({ phase, shards, shardsDone, plan, awaitingApproval }: TickStatus): string {
  const lines = [`### ${phase}${phase === 'weigh' ? `, ${shardsDone} of ${shards} shards` : ''}`];
  if (plan !== null) lines.push(...describePlan(plan));
  if (awaitingApproval !== null) lines.push('', `**Waits for approval** of ${awaitingApproval.moves} moves until ${new Date(awaitingApproval.untilMs).toISOString()}: update \`approve\` with \`{"planHash": "${awaitingApproval.planHash}"}\``);
  return lines.join('\n');
}

function describePlan({ planId, instances, moves, costUsd, savesUsd, avoidedMinutes, top }: PlanSummary): string[] {
  return [
    `Plan **${planId}**: ${moves} moves of ${instances} instances, ${avoidedMinutes.toFixed(0)} overloaded minutes averted, ${costUsd.toFixed(2)} USD for moving, ${savesUsd.toFixed(2)} USD gained in all`,
    '',
    '| instance | move | to | risk | | why |',
    '|---|---|---|---|---|---|',
    ...top.map((move) => `| ${move.name} (${move.instanceId}) | ${move.kind} ${move.fromShape} → ${move.toShape} | ${move.toPoolId} | ${move.risk} | ${move.fate} | ${move.reason} |`),
  ];
}
