import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, isCancellation, patched, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { resizeSummary } from '../contracts/adjust-shape';
import type { AdjustActivities, ResizeInPlaceInput, ResizeResult, SeenInstance } from '../contracts/adjust-shape';
import type { MigrationActivities } from '../contracts/migration-activities';
import { migrationWorkflowId } from '../contracts/workflow-ids';
import { checkResizeInput } from '../domain/shapes/adjustment/adjust-input';
import { ACT, UNDO, say, waitEvery } from './activity-proxies';
import { AuditTrail } from './audit-trail';
import { refuseInput } from './refuse-input';
import { sentenceOf } from './sentence-of';
import { UndoStack } from './undo-stack';

type Activities = MigrationActivities & AdjustActivities;

/** Calls to AWS that a terminated run left behind have ended after it. */
const LAST_ACT_MS = 10_000;

const acts = proxyActivities<Activities>(ACT);
const undos = proxyActivities<Activities>(UNDO);

/**
 * Makes an instance another type by stopping and starting it: out of its target groups first, back into them last. It holds the instance's lock, the workflow id of its migrations. Whatever
 * fails, the instance is made what it was, started, and put back.
 */
export async function resizeInPlace(input: ResizeInPlaceInput): Promise<ResizeResult> {
  const problems = checkResizeInput(input);
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  if (problems.length === 0 && workflowId !== migrationWorkflowId(input.instanceId)) problems.push(`a change of ${input.instanceId} has the workflow id ${migrationWorkflowId(input.instanceId)} and no other: it is its lock`);
  refuseInput(problems);
  const trail = new AuditTrail((entry) => acts.recordAudit(entry), { runId, actor: 'foreshift:shape', instanceId: input.instanceId });
  const undo = new UndoStack();
  let before: Awaited<ReturnType<AdjustActivities['inspectForResize']>> | null = null;
  try {
    const { instanceId, shape } = input;
    const takenBack = patched('take-back-earlier-resize') ? await takeBackEarlier(instanceId, trail) : null;
    if (shape === undefined) return takenBack === null ? { kind: 'Refused', error: 'Conflict', reasons: [`no change of ${instanceId} stands half way`] } : { kind: 'RolledBack', reasons: [takenBack] };
    before = await say(acts.inspectForResize, `Look at ${instanceId}`, { instanceId, shape, budget: input.budget ?? {} });
    await trail.record('decision', resizeSummary(before.shape, shape), { reason: input.reason, detail: before });
    const downMs = await resize(instanceId, shape, before, undo);
    const result: ResizeResult = { kind: 'Resized', from: before.shape, to: shape, downMs, cost: before.cost };
    await trail.record('outcome', 'Resized', { reason: input.reason, detail: result });
    return result;
  } catch (error) {
    const reasons = [isCancellation(error) ? 'cancelled from outside' : sentenceOf(error)];
    if (before === null) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      await trail.record('refusal', `${input.instanceId} is not resized`, { reason: reasons[0] ?? null });
      return { kind: 'Refused', error: error.cause instanceof ApplicationFailure ? (error.cause.type ?? 'Failed') : 'Failed', reasons };
    }
    return CancellationScope.nonCancellable(async () => {
      const left = await undo.unwind((name) => setCurrentDetails(`### ${input.instanceId}: going back\n\n${name}`));
      const result: ResizeResult = left.length > 0 ? { kind: 'NeedsOperator', reasons, left } : { kind: 'RolledBack', reasons };
      await trail.record('outcome', result.kind, { reason: reasons[0] ?? null, detail: result });
      return result;
    });
  }
}

/** What a run that was terminated has begun: its instance stands out of its groups, may be stopped, may be either type. Returns what was done, in a sentence; null: there is nothing. */
async function takeBackEarlier(instanceId: string, trail: AuditTrail): Promise<string | null> {
  const earlier = await say(acts.recallResize, 'Did an earlier change end half way?', { workflowId: migrationWorkflowId(instanceId) });
  if (earlier === null) return null;
  const { shape, targets } = earlier;
  const done = `a change that was ended from outside is taken back: ${instanceId} is a ${shape} again and serves`;
  await trail.record('decision', `what an earlier change of ${instanceId} began is taken back`, { reason: 'it was ended from outside', detail: earlier });
  // Its last act may still be under way.
  await sleep(LAST_ACT_MS);
  const { pollMs } = await acts.resolvePolicy();
  const waits = proxyActivities<Activities>(waitEvery(pollMs));
  if (!(await say(undos.isRunningAs, `Is it a ${shape} that runs?`, { instanceId, shape }))) {
    for (const target of targets) await leave(target, instanceId, waits, undos);
    await become(instanceId, shape, waits, undos);
    await say(waits.awaitInstanceHealthy, 'Wait until its checks pass', { instanceId });
  }
  for (const target of targets) await comeBack(target, instanceId, waits, undos);
  await trail.record('outcome', 'RolledBack', { reason: done });
  return done;
}

/** Every way back is registered before its act. Returns how long the instance served nobody, in ms. */
async function resize(instanceId: string, shape: string, before: SeenInstance, undo: UndoStack): Promise<number> {
  const { pollMs } = await acts.resolvePolicy();
  const waits = proxyActivities<Activities>(waitEvery(pollMs));
  const tell = (sentence: string): void => setCurrentDetails(`### ${instanceId}: ${before.shape} -> ${shape}\n\n${sentence}`);
  const outMs = Date.now();
  for (const target of before.targets) {
    tell('no new requests; those that it has are answered');
    undo.push('back into its target group', () => comeBack(target, instanceId, waits, undos));
    await leave(target, instanceId, waits, acts);
  }
  // One that does not run serves nobody, wherever it is listed.
  undo.push(`a ${before.shape} again, and running`, async () => {
    // It may never have been stopped.
    if (!(await say(undos.isRunningAs, `Is it a ${before.shape} that runs?`, { instanceId, shape: before.shape }))) await become(instanceId, before.shape, waits, undos);
  }, { guards: true });
  tell(`stops and becomes ${shape}`);
  await become(instanceId, shape, waits, acts);
  await say(waits.awaitInstanceHealthy, 'Wait until its checks pass', { instanceId });
  for (const target of before.targets) {
    tell('comes back into its target group');
    undo.push('out of its target group again', async () => {
      // It serves by now, maybe: older histories stopped it all the same.
      if (patched('drained-before-stopped-again')) await leave(target, instanceId, waits, undos);
    }, { guards: true });
    await comeBack(target, instanceId, waits, acts);
  }
  return Date.now() - outMs;
}

async function leave(target: SeenInstance['targets'][number], instanceId: string, waits: typeof acts, by: typeof acts): Promise<void> {
  await say(by.deregisterTarget, 'No new requests', { ...target, instanceId });
  await say(waits.awaitTargetDrained, 'Wait until its requests are answered', { ...target, instanceId });
}

async function comeBack(target: SeenInstance['targets'][number], instanceId: string, waits: typeof acts, by: typeof acts): Promise<void> {
  await say(by.registerTarget, 'Put it back', { ...target, instanceId });
  await say(waits.awaitTargetHealthy, 'Wait until it serves', { ...target, instanceId });
}

/** True for every state that it may be in: a stopped one stays stopped, one of that type keeps it. */
async function become(instanceId: string, shape: string, waits: typeof acts, by: typeof acts): Promise<void> {
  await say(by.stopShadow, `Stop ${instanceId}`, { instanceId });
  await say(waits.awaitInstanceStopped, 'Wait until it is stopped', { instanceId });
  await say(by.changeShape, `Make it a ${shape}`, { instanceId, shape });
  await say(by.startShadow, `Start ${instanceId}`, { instanceId });
  await say(waits.awaitInstanceRunning, 'Wait until it runs', { instanceId });
}
