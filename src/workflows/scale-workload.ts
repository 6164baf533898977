import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, allHandlersFinished, condition, continueAsNew, defineQuery, defineUpdate, isCancellation, proxyActivities, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { MigrationActivities } from '../contracts/migration-activities';
import { SCALE_MESSAGES, type ScaleActivities, type ScaleWorkloadInput, type ScaleWorkloadResult, type ShapedInstance, type StopScalingArgs, type WorkloadStatus } from '../contracts/scale-workload';
import type { StopArgs } from '../contracts/adjust-shape';
import { OUTCOME_ATTRIBUTE, PHASE_ATTRIBUTE, SERVICE_ATTRIBUTE } from '../contracts/search-attributes';
import { workloadWorkflowId } from '../contracts/workflow-ids';
import { checkPlainCommand } from '../domain/queue/queue-input';
import { checkScaleInput, checkStopScaling } from '../domain/workload-scaling/scaling-input';
import { INITIAL_SCALING_MEMORY, type ScalingMemory } from '../domain/workload-scaling/scaling-look';
import { DEFAULT_SCALING_POLICY } from '../domain/workload-scaling/scaling-policy';
import { SLOW_READ, say } from './activity-proxies';
import { AuditTrail } from './audit-trail';
import { refuseInput } from './refuse-input';
import { describeScaling } from './scale-workload/describe-scaling';
import { groupActs } from './scale-workload/group-acts';
import type { Weighed } from './scale-workload/scaling-acts';
import { shapeActs } from './scale-workload/shape-acts';
import { sentenceOf } from './sentence-of';

/** What one run hands to the next. */
interface Kept {
  readonly memory: ScalingMemory;
  readonly seen: { readonly instances: readonly ShapedInstance[]; readonly baseShape: string | null };
  readonly status: WorkloadStatus | null;
  /** What could not be undone. */
  readonly left: readonly string[];
}

const NOTHING: Kept = { memory: INITIAL_SCALING_MEMORY, seen: { instances: [], baseShape: null }, status: null, left: [] };
const EVERY_MS = 60_000;
const MOST_CHANGES = 20;
/** A history stays small: ten events a look. */
const LOOKS_IN_RUN = 200;

const reads = proxyActivities<ScaleActivities & Pick<MigrationActivities, 'recordAudit' | 'resolvePolicy'>>(SLOW_READ);
const pauseUpdate = defineUpdate<string, [StopArgs]>(SCALE_MESSAGES.pause);
const resumeUpdate = defineUpdate<string, [StopArgs | undefined]>(SCALE_MESSAGES.resume);
const stopUpdate = defineUpdate<string, [StopScalingArgs | undefined]>(SCALE_MESSAGES.stop);
const statusQuery = defineQuery<WorkloadStatus>(SCALE_MESSAGES.status);

/**
 * Looks after a workload's capacity: compares its use with what its profile expects, prepares for the bursts that the profile predicts and for the peaks of a calendar before they come, and goes
 * back when they are over. In `observe`, the default, it only tells what it would do. What it added it takes back when it is stopped or cancelled; when its rounds are over, the next run does.
 */
export async function scaleWorkload(input: ScaleWorkloadInput, kept: Kept = NOTHING): Promise<ScaleWorkloadResult> {
  const problems = checkScaleInput(input);
  const { workflowId, runId, firstExecutionRunId } = workflowInfo();
  if (problems.length === 0 && workflowId !== workloadWorkflowId(input.tag)) problems.push(`the workload ${input.tag} has the workflow id ${workloadWorkflowId(input.tag)} and no other: one looks after it`);
  refuseInput(problems);
  const { tag, by, mode = 'observe', metric = 'cpuPercent', everyMs = EVERY_MS, calendar = null } = input;
  const policy = { ...DEFAULT_SCALING_POLICY, ...input.policy };
  const owner = { workflowId, runId: firstExecutionRunId };
  const trail = new AuditTrail((entry) => reads.recordAudit(entry), { runId, actor: 'foreshift:workload', instanceId: null });
  const acts = by.kind === 'group' ? groupActs(by.autoScalingGroup, owner, async () => (await reads.resolvePolicy()).pollMs) : shapeActs(tag);
  let { memory, seen } = kept;
  let stopping: StopScalingArgs | null = null;
  /** What was told last: the same again is not told again. */
  let wanted = '';
  let status: WorkloadStatus = kept.status ?? { tag, mode, rounds: 0, paused: false, present: null, usePercent: null, last: 'not looked at yet', notes: [], changes: [] };
  const show = (change: Partial<WorkloadStatus>): void => {
    status = { ...status, ...change };
    setCurrentDetails(describeScaling(status));
  };
  const left = [...kept.left];
  setHandler(statusQuery, () => status, { description: 'What is seen of the workload, what it would do and why, and what was changed' });
  setHandler(pauseUpdate, (args) => (show({ paused: true, last: `paused: ${args.reason ?? ''}` }), `${tag} is looked at, and changed no more`), { validator: (args) => refuseInput(checkStopReason(args)), description: 'Looks on and changes nothing: {"reason": "..."}' });
  setHandler(resumeUpdate, () => (show({ paused: false }), `${tag} is looked after again`), { validator: (args) => refuseInput(checkPlainCommand(args, 'resume')) });
  setHandler(stopUpdate, (args) => ((stopping = args ?? {}), `${tag} is looked after no longer`), { validator: (args) => refuseInput(checkStopScaling(args)), description: 'Ends it and takes back what was added: {"reason": "...", "by": "...", "keep": false}' });
  upsertSearchAttributes([{ key: SERVICE_ATTRIBUTE, value: tag }, { key: PHASE_ATTRIBUTE, value: mode }]);

  try {
    for (let looks = 1; ; looks += 1) {
      await lookOnce();
      if (status.rounds >= (input.rounds ?? Infinity)) return await finish('Ended');
      if (await condition(() => stopping !== null, everyMs)) return await finish('Stopped');
      if (looks >= LOOKS_IN_RUN || workflowInfo().continueAsNewSuggested) {
        await condition(allHandlersFinished);
        // What was said while others were still being heard is this run's to follow.
        if (stopping === null) await continueAsNew<typeof scaleWorkload>(input, { memory, seen, status, left });
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return CancellationScope.nonCancellable(() => finish('Cancelled'));
  }

  async function lookOnce(): Promise<void> {
    const first = status.rounds === 0;
    const asked = { owner, tag, by, metric, policy, calendar, baseShape: seen.baseShape, memory, nowMs: Date.now() };
    const look = await say(reads.weighWorkload, `Look at ${tag}`, asked).catch((error: unknown) => {
      // What is wrong from the start is refused; later, what was added must not be left to nobody.
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      show({ last: sentenceOf(error) });
      if (first) throw error;
      return { kind: 'empty' as const, reason: `not seen: ${sentenceOf(error)}` };
    });
    show({ rounds: status.rounds + 1 });
    if (look.kind === 'empty') {
      show({ last: look.reason, usePercent: null });
      // A misspelt tag must not wait for ever; a group that scaled to none may come back.
      if (first) throw ApplicationFailure.create({ type: 'NotFound', message: look.reason, nonRetryable: true });
      return;
    }
    const { decision, present, usePercent, notes, target } = look;
    memory = look.memory;
    seen = { instances: look.instances, baseShape: look.baseShape };
    show({ present, usePercent, notes, last: decision.reason });
    const wish = decision.kind === 'hold' ? '' : `${decision.kind} ${target ?? ''} ${decision.cause} ${String(status.paused)}`;
    if (decision.kind !== 'hold' && (mayAct() || wish !== wanted)) await act(look);
    wanted = wish;
  }

  function mayAct(): boolean {
    return mode === 'act' && !status.paused;
  }

  async function act(look: Weighed): Promise<void> {
    const { decision, present, target } = look;
    if (decision.kind === 'hold') return;
    const { cause, reason, usd, worthUsd } = decision;
    const [atMs, to] = [Date.now(), target ?? ''];
    await trail.record('decision', `${tag}: ${present} should become ${to}`, { reason, detail: decision });
    const outcome = mayAct() ? await acts.change(look, status.rounds) : { kind: 'refused' as const, sentence: status.paused ? 'paused' : 'only looked at', left: [] };
    if (outcome.kind === 'done') {
      memory = { ...memory, changedAtMs: Date.now(), refusedAtMs: null };
      seen = { ...seen, instances: outcome.instances };
    } else if (mayAct()) memory = { ...memory, refusedAtMs: Date.now() };
    if (outcome.kind === 'refused') left.push(...outcome.left);
    const servedAtMs = outcome.kind === 'done' && decision.kind === 'raise' ? Date.now() : null;
    const change = { atMs, servedAtMs, from: present, to, cause, outcome: outcome.kind === 'done' ? outcome.sentence : `refused: ${outcome.sentence}`, reason, usd, worthUsd };
    show({ changes: [...status.changes, change].slice(-MOST_CHANGES) });
    await trail.record(outcome.kind === 'done' ? 'act' : 'refusal', `${tag}: ${present} -> ${to}: ${change.outcome}`, { reason, detail: { ...change, left: outcome.kind === 'refused' ? outcome.left : [] } });
  }

  async function finish(as: 'Ended' | 'Stopped' | 'Cancelled'): Promise<ScaleWorkloadResult> {
    const keeps = mode === 'observe' || as === 'Ended' || stopping?.keep === true;
    if (!keeps) left.push(...(await acts.giveBack(seen, status.rounds).catch((error: unknown) => [sentenceOf(error)])));
    const outcome = left.length > 0 ? 'NeedsOperator' : as;
    upsertSearchAttributes([{ key: OUTCOME_ATTRIBUTE, value: outcome }]);
    await trail.record('outcome', `${tag}: ${outcome}`, { reason: stopping?.reason ?? null, detail: { as, left }, ...(stopping?.by === undefined ? {} : { actor: stopping.by }) });
    await condition(allHandlersFinished);
    return { ...status, outcome, left };
  }
}

function checkStopReason(args: unknown): string[] {
  const problems = checkPlainCommand(args, 'pause');
  return problems.length === 0 && (args as StopArgs | undefined)?.reason === undefined ? ['reason is missing; expected a text of 1 to 500 characters'] : problems;
}
