import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, allHandlersFinished, condition, continueAsNew, defineQuery, defineUpdate, isCancellation, setCurrentDetails, setHandler, sleep, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ReservationRef } from '../contracts/migrate-instance';
import { HOLD_MESSAGES } from '../contracts/pre-allocate-capacity';
import type { HandOverArgs, HoldStatus, PreAllocateInput, PreAllocateResult } from '../contracts/pre-allocate-capacity';
import type { ReleaseArgs } from '../contracts/provision-replicas';
import { PHASE_ATTRIBUTE, SERVICE_ATTRIBUTE } from '../contracts/search-attributes';
import { ANY_RUN, capacityWorkflowId } from '../contracts/workflow-ids';
import { checkHoldInput, readWindow } from '../domain/capacity/hold-input';
import type { HoldPhase } from '../domain/capacity/hold-phase';
import { holdLadder } from '../domain/capacity/hold-ladder';
import { isNothing } from '../domain/capacity/shortfall';
import { say } from './activity-proxies';
import { AuditTrail } from './audit-trail';
import { regionProxies, steps } from './capacity-proxies';
import type { RegionProxies } from './capacity-proxies';
import { findRegion } from './find-region';
import { adjustHold } from './pre-allocate-capacity/acquire';
import type { HoldTools } from './pre-allocate-capacity/acquire';
import { assessNeed, lookAtPool, surveyFor } from './pre-allocate-capacity/assess-need';
import { Hold, NOTHING_HELD } from './pre-allocate-capacity/hold';
import type { HoldState } from './pre-allocate-capacity/hold';
import { Refusal } from './refusal';
import { sentenceOf } from './sentence-of';

const LEAD_MS = 30 * 60_000;
const REFRESH_MS = 5 * 60_000;
/** How soon places that were refused are asked again. */
const RETRY_MS = 60_000;
/** Who was handed a reservation puts its own tags on it within so many polls, or will not any more. */
const ADOPTION_POLLS = 24;

const handOverUpdate = defineUpdate<ReservationRef | null, [HandOverArgs]>(HOLD_MESSAGES.handOver);
const releaseUpdate = defineUpdate<string, [ReleaseArgs | undefined]>(HOLD_MESSAGES.release);
const statusQuery = defineQuery<HoldStatus>(HOLD_MESSAGES.status);

/**
 * Holds capacity for a pool in a window: as much as the forecast's upper quantile needs beyond what the pool has, from some time before it is
 * needed until the window ends; handed over to who needs it, resized as the forecast narrows, and always given back.
 */
export async function preAllocateCapacity(input: PreAllocateInput, kept?: HoldState): Promise<PreAllocateResult> {
  const problems = checkHoldInput(input);
  const window = readWindow(input?.window);
  if (problems.length > 0 || window === null) throw invalid(problems.join('; '));
  const { workflowId, firstExecutionRunId, runId } = workflowInfo();
  if (workflowId !== capacityWorkflowId(input.pool, input.window)) throw invalid(`capacity of ${input.pool} in this window has the workflow id ${capacityWorkflowId(input.pool, input.window)} and no other: it is held once`);

  const hold = new Hold(input, { workflowId, runId: firstExecutionRunId }, kept ?? NOTHING_HELD);
  let region = regionProxies(hold.taskQueue);
  let releasing: ReleaseArgs | null = null;
  setHandler(statusQuery, () => hold.status(), { description: 'Need, what is held since when, who got what, cost' });
  setHandler(handOverUpdate, (args) => hold.handOver(args), { validator: validateHandOver, description: 'Gives a held reservation to who needs it: {"claimId": "...", "by": "...", "zone": "...", "shape": "..."}' });
  setHandler(releaseUpdate, (args) => ((releasing = args ?? {}), 'what is held is being given back'), { description: 'Ends the hold: {"reason": "...", "by": "..."}' });
  upsertSearchAttributes([{ key: SERVICE_ATTRIBUTE, value: input.pool }]);

  const { pollMs } = await steps.resolvePolicy();
  const trail = new AuditTrail((entry) => steps.recordAudit(entry), { runId, actor: 'foreshift:capacity', instanceId: null });
  const isOver = (): boolean => releasing !== null || Date.now() >= window.untilMs;
  let reason = 'the window is over';
  try {
    if (kept === undefined) {
      region = await findRegion(input.region);
      hold.taskQueue = region.taskQueue;
      // A run that was terminated gave nothing back. The id is the lock: no other run of it holds anything.
      if (input.dryRun !== true) await say(region.undos.releaseHeld, 'Give back what an earlier run held', { owner: { workflowId, runId: ANY_RUN }, except: [] });
    }
    const tools: HoldTools = { hold, trail, window, region, pollMs, template: await lookAtPool(input, region) };
    if (input.dryRun === true) return await plan(tools);
    while (!isOver()) {
      const carried = await turn(tools);
      await judgeHandOvers(tools);
      show(hold);
      const dueInMs = hold.phase === 'watching' && hold.reserveAtMs !== null ? hold.reserveAtMs - Date.now() : Infinity;
      const waitMs = Math.max(1, Math.min(input.refreshMs ?? REFRESH_MS, window.untilMs - Date.now(), dueInMs, carried ? Infinity : RETRY_MS));
      const told = hold.handedOver.length;
      await condition(() => releasing !== null || hold.handedOver.length > told, waitMs);
      if (workflowInfo().continueAsNewSuggested && !isOver()) {
        await condition(allHandlersFinished);
        await continueAsNew<(input: PreAllocateInput, kept: HoldState) => Promise<PreAllocateResult>>(input, hold.carryOver());
      }
    }
    if (releasing !== null) reason = (releasing as ReleaseArgs).reason ?? 'released';
    await judgeHandOvers(tools);
  } catch (error) {
    const failure = await CancellationScope.nonCancellable(() => end(hold, region, trail, pollMs, isCancellation(error) ? 'cancelled from outside' : sentenceOf(error)));
    if (failure.kind === 'NeedsOperator') return failure;
    if (error instanceof Refusal) return { kind: 'Refused', error: error.type, reasons: error.reasons };
    const type = error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause.type : undefined;
    if (isCancellation(error) || type === undefined || type === null) throw error;
    return { kind: 'Refused', error: type, reasons: [sentenceOf(error)] };
  }
  return CancellationScope.nonCancellable(() => end(hold, region, trail, pollMs, reason));
}

/** One look. One that fails is taken again: what is held stays held meanwhile. The first must succeed, or the request is wrong. */
async function turn(tools: HoldTools): Promise<boolean> {
  const { hold, trail } = tools;
  try {
    return await look(tools);
  } catch (error) {
    if (isCancellation(error) || hold.need === null) throw error;
    hold.refuse(`the hold could not be looked at: ${sentenceOf(error)}`);
    await trail.record('failure', 'the hold could not be looked at; it is tried again', { reason: sentenceOf(error) });
    return false;
  }
}

/** What is needed now, and what is held brought to it once the time has come. Returns whether all of it is carried. */
async function look(tools: HoldTools): Promise<boolean> {
  const { hold, window, trail, region } = tools;
  const need = await assessNeed(hold.input, window, region);
  if (hold.need === null) await trail.record('decision', need.needFromMs === null ? 'nothing is needed' : 'capacity is needed', { reason: need.why.join('; '), detail: need });
  hold.need = need;
  hold.reserveAtMs = need.needFromMs === null ? null : need.needFromMs - (hold.input.leadMs ?? LEAD_MS);
  const due = hold.reserveAtMs !== null && Date.now() >= hold.reserveAtMs;
  // What is held for a need that is no longer seen is given back as the forecast says, not at once: `adjustHold` keeps a margin.
  if (!due && hold.held.length === 0) return setPhase(hold, 'watching');
  setPhase(hold, 'holding');
  const carried = await adjustHold(tools, need.shortfall);
  if (hold.held.length === 0 && isNothing(need.shortfall)) setPhase(hold, 'watching');
  return carried;
}

/** Whether a hand-over avoided a refusal: was there room for one more at that time? */
async function judgeHandOvers({ hold, region: { acts } }: HoldTools): Promise<void> {
  for (const { claimId, reservation, wouldHaveFailed } of hold.handedOver) {
    if (wouldHaveFailed !== null) continue;
    const { zone, shape } = reservation;
    const { refused } = await say(acts.probeCapacity, `Would one more ${shape} in ${zone} be refused?`, { owner: hold.owner, rung: { zone, shape }, step: `probe-${hold.nextStep()}` });
    hold.judge(claimId, refused);
  }
}

/** What would be held, when and for how much; nothing is reserved. */
async function plan(tools: HoldTools): Promise<PreAllocateResult> {
  const { hold, window, template, region } = tools;
  const need = await assessNeed(hold.input, window, region);
  if (need.needFromMs === null) return { kind: 'Planned', need, reserveAtMs: null, places: [], usdPerHour: 0, holdUsd: 0 };
  const survey = await surveyFor(hold.input, template, need.shortfall, window, region);
  if (survey.overBudget !== null) return { kind: 'Refused', error: 'BudgetExceeded', reasons: [survey.overBudget] };
  const [chosen] = survey.options;
  if (chosen === undefined) return { kind: 'Refused', error: 'NoShape', reasons: survey.refused };
  const reserveAtMs = Math.max(Date.now(), need.needFromMs - (hold.input.leadMs ?? LEAD_MS));
  const usdPerHour = chosen.usdPerHour * chosen.count;
  const places = holdLadder(survey.options, survey.zones, hold.input.zones).map(({ zone, shape, rung, option }) => `${option.count} x ${shape} in ${zone}, ${(option.usdPerHour * option.count).toFixed(4)} USD/h (${rung})`);
  return { kind: 'Planned', need, reserveAtMs, places, usdPerHour, holdUsd: (usdPerHour * (window.untilMs - reserveAtMs)) / 3_600_000 };
}

/** Gives back all that is held. What was handed over a moment ago is its new owner's, which may not have put its tags on it yet. */
async function end(hold: Hold, { undos }: RegionProxies, trail: AuditTrail, pollMs: number, reason: string): Promise<PreAllocateResult> {
  setPhase(hold, 'ended');
  const { owner } = hold;
  const fresh = hold.handedOver.filter(({ atMs }) => Date.now() - atMs < ADOPTION_POLLS * pollMs).map(({ reservation }) => reservation.reservationId);
  try {
    await say(undos.releaseHeld, 'Give back what is held', { owner, except: fresh });
    hold.remove(hold.held.map(({ reservationId }) => reservationId));
    if (fresh.length > 0) {
      await sleep(ADOPTION_POLLS * pollMs);
      await say(undos.releaseHeld, 'Give back what nobody took over', { owner, except: [] });
    }
    hold.left = await say(undos.listLeftovers, 'Is anything left over?', { owner });
  } catch (error) {
    hold.left = [`capacity held for ${hold.input.pool} could not be given back: ${sentenceOf(error)}`];
  }
  const report = hold.report();
  show(hold);
  await condition(allHandlersFinished);
  const result: PreAllocateResult = hold.left.length > 0 ? { kind: 'NeedsOperator', reasons: [reason], left: hold.left, report } : { kind: 'Ended', reason, handedOver: hold.handedOver, report, refused: hold.refused };
  await trail.record('outcome', result.kind, { reason, detail: result });
  return result;
}

function setPhase(hold: Hold, phase: HoldPhase): true {
  if (hold.phase !== phase) upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: phase }]);
  hold.phase = phase;
  return true;
}

function show(hold: Hold): void {
  const { pool, window, phase, need, held, handedOver, report, refused, left } = hold.status();
  const lines = [
    `### ${pool}, ${window}: ${phase}`,
    ...(need?.why ?? []),
    ...held.map(({ reservationId, shape, zone, usdPerHour, rung }) => `- **${reservationId}** ${shape} in ${zone} (${rung}), ${usdPerHour.toFixed(4)} USD/h`),
    ...handedOver.map(({ reservation, by }) => `- ${reservation.reservationId} was handed over to ${by}`),
    `hold cost ${report.holdUsd.toFixed(4)} USD, of it ${report.premiumUsd.toFixed(4)} for other than the best; ${report.refusalsAvoided} refusal(s) avoided`,
    ...refused.slice(-5).map((sentence) => `- refused: ${sentence}`),
    ...(left.length > 0 ? [`**Left for an operator:** ${left.join('; ')}`] : []),
  ];
  setCurrentDetails(lines.join('\n\n'));
}

function validateHandOver(args: HandOverArgs | undefined): void {
  const missing = (['claimId', 'by', 'zone', 'shape'] as const).filter((name) => typeof args?.[name] !== 'string' || args[name] === '');
  if (missing.length > 0) throw invalid(`${missing.join(', ')} missing; handOver takes {"claimId": "...", "by": "...", "zone": "...", "shape": "..."}`);
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'InvalidInput', message, nonRetryable: true });
}
