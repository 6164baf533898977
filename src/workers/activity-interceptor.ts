import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import type { Context } from '@temporalio/activity';
import type { AuditPort } from '../activities/audit-activities';
import { AUDITED_ACTS, AUDITED_CAPACITY_ACTS, AUDITED_REAP_ACTS, AUDITED_ROUTING_ACTS, AUDITED_SHAPE_ACTS } from '../activities/audited-acts';
import type { AuditKind } from '../contracts/audit';
import { ACTS_METRIC } from '../contracts/metrics';

const AUDITED: Readonly<Record<string, AuditKind | undefined>> = { ...AUDITED_ACTS, ...AUDITED_CAPACITY_ACTS, ...AUDITED_SHAPE_ACTS, ...AUDITED_ROUTING_ACTS, ...AUDITED_REAP_ACTS };

/** Often enough for the shortest heartbeat timeout of the workflows, 5 s. */
const HEARTBEAT_MS = 1_000;

/**
 * Stands around every activity: beats while it runs, so that a dead worker is noticed in seconds, and writes each effect
 * to the audit before and after it.
 */
export class ActivityInterceptor implements ActivityInboundCallsInterceptor {
  constructor(
    private readonly context: Context,
    private readonly audit: AuditPort,
  ) {}

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { info } = this.context;
    if (info.isLocal) return next(input);
    const beat = setInterval(() => this.context.heartbeat(), HEARTBEAT_MS);
    try {
      const kind = AUDITED[info.activityType];
      return await (kind === undefined ? next(input) : this.audited(kind, input, next));
    } finally {
      clearInterval(beat);
    }
  }

  private async audited(kind: AuditKind, input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { activityType, attempt } = this.context.info;
    const args = argumentsWorthKeeping(input.args[0]);
    if (kind !== 'readback') await this.write('intent', 'intent', `${activityType} begins`, null, args);
    try {
      const result = await next(input);
      this.count('done');
      await this.write('done', kind, activityType, null, { args, result: result ?? null });
      return result;
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      // A poll that is not ready yet is no failure, and there may be hundreds of them.
      const polling = error instanceof ApplicationFailure && error.type === 'NotReadyYet';
      this.count(polling ? 'polled' : 'failed');
      if (!polling) await this.write(`failed-${attempt}`, 'failure', `${activityType} failed, attempt ${attempt}`, sentence, args);
      throw error;
    }
  }

  private count(outcome: 'done' | 'failed' | 'polled'): void {
    this.context.metricMeter.createCounter(ACTS_METRIC, undefined, 'Attempts of acts on the world, by outcome').add(1, { outcome });
  }

  private async write(step: string, kind: AuditKind, summary: string, reason: string | null, detail: unknown): Promise<void> {
    const { info } = this.context;
    const execution = info.workflowExecution;
    if (execution === undefined) return;
    await this.audit.append({
      key: `${execution.workflowId}/${execution.runId}/activity-${info.activityId}/${step}`,
      kind,
      // The first attempt's schedule time: a repeated write must be the same write.
      atMs: step === 'done' || step.startsWith('failed') ? Date.now() : info.scheduledTimestampMs,
      actor: 'foreshift:worker',
      workflowId: execution.workflowId,
      runId: execution.runId,
      instanceId: instanceOf(execution.workflowId),
      summary,
      reason,
      detail,
    });
  }
}

/** The source's snapshot stands in the plan's record already. */
function argumentsWorthKeeping(args: unknown): unknown {
  if (typeof args !== 'object' || args === null) return null;
  const { source, owner, ...rest } = args as Record<string, unknown>;
  return rest;
}

function instanceOf(workflowId: string): string | null {
  return workflowId.startsWith('migration/') ? workflowId.slice('migration/'.length) : null;
}
