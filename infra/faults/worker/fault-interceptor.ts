import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { MigrationPolicy } from '../../../src/domain/migration-policy';
import type { Attempt, Directive, WireEffect } from '../control/protocol';
import { GO } from '../control/protocol';
import { quickPolicy } from './quick-policy';

/** What the calls to AWS of the attempt under way meet. */
export const wireEffects = new AsyncLocalStorage<WireEffect>();

/** Stands around an activity and asks the matrix, before it and after its effect, what is to happen to this attempt. */
export class FaultInterceptor implements ActivityInboundCallsInterceptor {
  constructor(
    private readonly context: Context,
    private readonly controlUrl: string,
  ) {}

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const before = await this.ask('begins');
    await carryOut(before);
    const result = before.kind === 'wire' ? await wireEffects.run(before.effect, () => next(input)) : await next(input);
    await carryOut(await this.ask('done'));
    return this.context.info.activityType === 'resolvePolicy' ? quickPolicy(result as MigrationPolicy) : result;
  }

  private async ask(point: 'begins' | 'done'): Promise<Directive> {
    const { info } = this.context;
    if (info.workflowExecution === undefined) return GO;
    const attempt: Attempt = {
      ...info.workflowExecution,
      activity: info.activityType,
      activityId: info.activityId,
      attempt: info.attempt,
      isLocal: info.isLocal,
      startToCloseMs: info.startToCloseTimeoutMs,
      pid: process.pid,
    };
    const answer = await fetch(`${this.controlUrl}/${point}`, { method: 'POST', body: JSON.stringify(attempt) });
    return (await answer.json()) as Directive;
  }
}

async function carryOut(directive: Directive): Promise<void> {
  if (directive.kind === 'fail') {
    const { type, message, isRetryable } = directive;
    throw ApplicationFailure.create({ type, message, nonRetryable: !isRetryable });
  }
  if (directive.kind === 'stall') await sleep(directive.ms);
  if (directive.kind === 'dieSoon') setTimeout(() => process.kill(process.pid, 'SIGKILL'), directive.ms);
}
