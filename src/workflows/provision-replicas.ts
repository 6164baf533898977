import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { CancellationScope, allHandlersFinished, condition, isCancellation, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Provisioned, ProvisionReplicasInput, ProvisionReplicasResult, ProvisionStatus } from '../contracts/provision-replicas';
import { TRIGGER_ATTRIBUTE } from '../contracts/search-attributes';
import { replicasWorkflowId } from '../contracts/workflow-ids';
import { checkReplicaInput } from '../domain/capacity/replica-input';
import { say } from './activity-proxies';
import { asFarAsKnown } from './as-far-as-known';
import { NoCapacity } from './capacity-refusal';
import { regionProxies, steps } from './capacity-proxies';
import { findRegion } from './find-region';
import { Desk } from './provision-replicas/desk';
import { answerAgain, giveBackEarlier } from './provision-replicas/earlier-runs';
import { keepReplicas } from './provision-replicas/keep-replicas';
import type { KeptReplicas } from './provision-replicas/keep-replicas';
import { launchReplicas } from './provision-replicas/launch-replicas';
import { planReplicas } from './provision-replicas/plan-replicas';
import type { ProvisionRun, ReplicaPlan } from './provision-replicas/provision-run';
import { reserveReplicas } from './provision-replicas/reserve-replicas';
import { settleReplicas } from './provision-replicas/settle-replicas';
import { Story } from './provision-replicas/story';
import { Refusal } from './refusal';
import { sentenceOf } from './sentence-of';
import { UndoStack } from './undo-stack';

/**
 * Provides replicas of a service: forecast, shape, reserve, launch, health, register; or nothing at all. With `keep` it goes on
 * looking after them, in as many runs as that takes (`kept` is what the last run knew), until they are released.
 */
export async function provisionReplicas(input: ProvisionReplicasInput, kept?: KeptReplicas): Promise<ProvisionReplicasResult> {
  const problems = checkReplicaInput(input);
  if (problems.length > 0) throw invalid(problems.join('; '));
  const { workflowId } = workflowInfo();
  if (workflowId !== replicasWorkflowId(input.requestId)) throw invalid(`the request ${input.requestId} has the workflow id ${replicasWorkflowId(input.requestId)} and no other: a request is carried out once`);

  const run = await begin(input, kept);
  const { desk, story } = run;
  let result: ProvisionReplicasResult;
  let keeping = kept;
  let cancelled: CancelledFailure | null = null;
  try {
    if (keeping === undefined) {
      const { provisioned, plan } = await desk.forward(() => provide(run));
      result = desk.settled = provisioned;
      if (input.keep === true && plan !== null) keeping = { plan, acceptance: desk.acceptance, settled: provisioned, wanted: Math.max(provisioned.replicas.length, input.minimum ?? input.count ?? 1), taskQueue: run.region.taskQueue, replacements: [], replaced: 0, step: run.nextStep() };
    } else {
      result = keeping.settled;
    }
  } catch (error) {
    result = await goBack(run, error);
    if (isCancellation(error) && desk.releasing === null) cancelled = new CancelledFailure('cancelled from outside, and undone');
    desk.acceptance ??= { accepted: false, requestId: input.requestId, error: result.kind === 'Refused' ? result.error : result.kind, reasons: 'reasons' in result ? result.reasons : [] };
    desk.settled = result;
  }
  if (keeping !== undefined) {
    if (kept === undefined) await story.enter('keep');
    const ward = { ...keeping };
    run.ward = ward;
    result = await keepReplicas(run, ward);
  }
  await CancellationScope.nonCancellable(async () => {
    await story.finish(result);
    await condition(allHandlersFinished);
  });
  // Whoever cancelled from outside sees a cancelled workflow; the audit and the details say that it was undone.
  if (cancelled !== null) throw cancelled;
  return result;
}

/** The story. Every act registers its way back before it begins. */
async function provide(run: ProvisionRun): Promise<{ readonly provisioned: Provisioned; readonly plan: ReplicaPlan | null }> {
  const { input, story, undo, owner } = run;
  await story.enter('plan');
  run.region = await findRegion(input.region);
  const { acts, undos } = run.region;
  const minimum = input.minimum ?? input.count ?? 1;
  const { digest, replicas: earlier, left } = await say(acts.recallReplicas, 'Was this request carried out before?', { request: input });
  // Kept replicas whose watch was ended from outside are looked after again, by the same plan as for new ones.
  const plan = earlier.length === 0 || input.keep === true || left !== undefined ? await planReplicas(run, digest) : null;
  const givenBack = plan === null || left === undefined ? [] : await giveBackEarlier(run, plan, earlier, left);
  if (plan === null || earlier.length > 0) return { plan, provisioned: answerAgain(run, earlier, plan, givenBack) };

  await story.enter('reserve');
  undo.push('release the capacity reservations', () => say(undos.releaseReservations, 'Give the reservations back', { owner }));
  const held = await reserveReplicas(run, { options: plan.options, zones: plan.zones, othersByZone: plan.present.instancesByZone, maximum: plan.maximum, maximumUsdPerHour: plan.maximumUsdPerHour, service: plan.service, minimum });

  await story.enter('launch');
  undo.push('terminate the replicas', () => say(undos.terminateShadows, 'Terminate the replicas', { owner }));
  const launched = await launchReplicas(run, plan, held.held);
  if (launched.replicas.length < minimum) throw new Error(`${launched.replicas.length} replica(s) came to serve and the minimum is ${minimum}: ${launched.failed.join('; ')}`);

  await story.enter('settle');
  const provisioned = await settleReplicas(run, plan, held, launched);
  return { plan, provisioned: { ...provisioned, notes: [...givenBack, ...provisioned.notes] } };
}

/** Ends a request that cannot go on: nothing was begun, all of it undone, or an operator is told what is left. */
async function goBack(run: ProvisionRun, error: unknown): Promise<ProvisionReplicasResult> {
  const { story, undo, owner, input, desk } = run;
  const phase = story.phase === 'done' ? 'settle' : story.phase;
  const reasons = error instanceof NoCapacity || error instanceof Refusal ? error.reasons : [desk.releasing?.reason ?? (isCancellation(error) ? 'cancelled from outside' : sentenceOf(error))];
  const request = input;
  return CancellationScope.nonCancellable(async () => {
    if (undo.names().length === 0) {
      const type = typeOf(error);
      // Neither an answer nor a failure that somebody foresaw: a bug stays loud.
      if (type === null) throw error;
      await story.trail.record('refusal', `refused in phase ${phase}`, { reason: reasons.join('; ') });
      return { kind: 'Refused', error: type, reasons, request };
    }
    await story.enter('rollback', reasons[0]);
    const failed = await undo.unwind((name) => story.note(name));
    const leftovers = await asFarAsKnown(say(run.region.undos.listLeftovers, 'Is anything left over?', { owner }));
    story.left = [...failed, ...leftovers];
    const phases = [...story.log.entries];
    if (story.left.length > 0) return { kind: 'NeedsOperator', phase, reasons, left: story.left, phases, request };
    if (error instanceof NoCapacity) return { kind: 'Refused', error: 'InsufficientCapacity', reasons, request };
    return { kind: 'RolledBack', phase, reasons, phases, request };
  });
}

async function begin(input: ProvisionReplicasInput, kept: KeptReplicas | undefined): Promise<ProvisionRun> {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const undo = new UndoStack();
  const story = new Story(input.requestId);
  let step = kept?.step ?? 0;
  const status = (): ProvisionStatus => ({
    requestId: input.requestId,
    phase: story.phase,
    outcome: story.outcome,
    acceptance: desk.acceptance,
    replicas: story.replicas,
    replacements: run?.ward?.replacements ?? kept?.replacements ?? [],
    phases: story.log.entries,
    undo: undo.names(),
    left: story.left,
  });
  const desk: Desk = new Desk(input, status);
  let run: ProvisionRun | null = null;
  if (kept !== undefined) {
    desk.acceptance = kept.acceptance;
    desk.settled = kept.settled;
    story.phase = 'keep';
    story.replicas = kept.settled.replicas;
    story.log.begin('keep');
  } else {
    upsertSearchAttributes([{ key: TRIGGER_ATTRIBUTE, value: 'operator' }]);
  }
  const policy = await steps.resolvePolicy();
  run = { input, owner: { workflowId, runId: firstExecutionRunId }, policy, story, desk, undo, region: regionProxies(kept?.taskQueue ?? null), nextStep: () => step++, ward: null };
  return run;
}

/** Which of the business errors a refusal stands for; null: none. */
function typeOf(error: unknown): string | null {
  if (error instanceof Refusal) return error.type;
  if (error instanceof NoCapacity) return 'InsufficientCapacity';
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? (cause.type ?? null) : isCancellation(error) ? 'Cancelled' : null;
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'InvalidInput', message, nonRetryable: true });
}
