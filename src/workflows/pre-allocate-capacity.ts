import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, allHandlersFinished, condition, continueAsNew, defineQuery, defineUpdate, isCancellation, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ReservationRef } from '../contracts/migrate-instance';
import { HOLD_MESSAGES } from '../contracts/pre-allocate-capacity';
import type { CapacityNeedNow, HandOverArgs, HoldStatus, PreAllocateInput, PreAllocateResult } from '../contracts/pre-allocate-capacity';
import type { ReleaseArgs } from '../contracts/provision-replicas';
import { PHASE_ATTRIBUTE } from '../contracts/search-attributes';
import { capacityWorkflowId } from '../contracts/workflow-ids';
import { checkHoldInput, readWindow } from '../domain/capacity/hold-input';
import type { HoldPhase } from '../domain/capacity/hold-phase';
import { isNothing } from '../domain/capacity/shortfall';
import { checkPlainCommand } from '../domain/queue/queue-input';
import { say } from './activity-proxies';
import { AuditTrail } from './audit-trail';
import { regionProxies, steps } from './capacity-proxies';
import type { RegionProxies } from './capacity-proxies';
import { findRegion } from './find-region';
import { adjustHold } from './pre-allocate-capacity/acquire';
import { assessNeed, lookAtPool } from './pre-allocate-capacity/assess-need';
import { followOrder, placeOrder } from './pre-allocate-capacity/future-order';
import { giveBackAll, giveBackEarlier } from './pre-allocate-capacity/give-back';
import { Hold, NOTHING_HELD } from './pre-allocate-capacity/hold';
import type { HoldState } from './pre-allocate-capacity/hold';
import type { HoldTools } from './pre-allocate-capacity/hold-tools';
import { lookAfterRunning } from './pre-allocate-capacity/look-after-running';
import { previewHold } from './pre-allocate-capacity/preview';
import { scheduleRaise, withdrawSchedule } from './pre-allocate-capacity/schedule-raise';
import { refuseInput } from './refuse-input';
import { Refusal } from './refusal';
import { sentenceOf } from './sentence-of';

const LEAD_MS = 30 * 60_000;
const REFRESH_MS = 5 * 60_000;
/** How soon places that were refused are asked again. */
const RETRY_MS = 60_000;

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
  setHandler(releaseUpdate, (args) => ((releasing = args ?? {}), 'what is held is being given back'), { validator: (args) => refuseInput(checkPlainCommand(args, 'release')), description: 'Ends the hold: {"reason": "...", "by": "..."}' });
  const trail = new AuditTrail((entry) => steps.recordAudit(entry), { runId, actor: 'foreshift:capacity', instanceId: null });
  trail.serves(input.pool);

  const { pollMs } = await steps.resolvePolicy();
  const isOver = (): boolean => releasing !== null || Date.now() >= window.untilMs;
  let reason = 'the window is over';
  try {
    if (kept === undefined) {
      region = await findRegion(input.region);
      hold.taskQueue = region.taskQueue;
      if (input.dryRun !== true) await giveBackEarlier(hold, region);
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
        // What was said while others were still being heard is this run's to follow.
        if (!isOver()) await continueAsNew<(input: PreAllocateInput, kept: HoldState) => Promise<PreAllocateResult>>(input, hold.carryOver());
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
    if (isCancellation(error) || hold.need === null || isUnplanned(hold) || error instanceof Refusal) throw error;
    hold.refuse(`the hold could not be looked at: ${sentenceOf(error)}`);
    await trail.record('failure', 'the hold could not be looked at; it is tried again', { reason: sentenceOf(error) });
    return false;
  }
}

/** What is needed now, and what is held brought to it once the time has come. Returns whether all of it is carried. */
async function look(tools: HoldTools): Promise<boolean> {
  const { hold, window, trail, region } = tools;
  await lookAfterRunning(tools);
  await followOrder(tools);
  const need = await assessNeed(hold.input, window, hold.running(), region);
  if (hold.need === null) await trail.record('decision', need.needFromMs === null ? 'nothing is needed' : 'capacity is needed', { reason: need.why.join('; '), detail: need });
  hold.need = need;
  hold.reserveAtMs = need.needFromMs === null ? null : need.needFromMs - (hold.input.leadMs ?? LEAD_MS);
  if (hold.reserveAtMs !== null && hold.planned === null) await begin(tools, need, Math.max(Date.now(), hold.reserveAtMs));
  const due = hold.reserveAtMs !== null && Date.now() >= hold.reserveAtMs;
  // What is held for a need that is no longer seen is given back as the forecast says, not at once: `adjustHold` keeps a margin.
  if (!due && hold.held.length === 0) {
    await scheduleRaise(tools, need, hold.reserveAtMs);
    return setPhase(hold, 'watching');
  }
  await withdrawSchedule(tools);
  setPhase(hold, 'holding');
  const carried = await adjustHold(tools, need.shortfall);
  if (hold.held.length === 0 && isNothing(need.shortfall)) setPhase(hold, 'watching');
  return carried;
}

/** Says once what the hold will cost; beyond its budget it ends before anything is done. */
async function begin(tools: HoldTools, need: CapacityNeedNow, reserveAtMs: number): Promise<void> {
  const { places, order, ...cost } = await previewHold(tools, need, reserveAtMs);
  if (order !== null && cost.commitment !== null) await placeOrder(tools, order, cost.commitment.warning);
  tools.hold.note({ planned: cost });
  await tools.trail.record('decision', `the hold will cost ${cost.usdPerHour.toFixed(4)} USD an hour, ${cost.holdUsd.toFixed(4)} USD until its window ends`, { reason: places[0] ?? null, detail: places });
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
  const { hold, window, region } = tools;
  const need = await assessNeed(hold.input, window, hold.running(), region);
  if (need.needFromMs === null) return { kind: 'Planned', need, reserveAtMs: null, places: [], usdPerHour: 0, holdUsd: 0, commitment: null };
  const reserveAtMs = Math.max(Date.now(), need.needFromMs - (hold.input.leadMs ?? LEAD_MS));
  const { order: _, ...preview } = await previewHold(tools, need, reserveAtMs);
  return { kind: 'Planned', need, reserveAtMs, ...preview };
}

/** Gives back all that is held, and tells how it went. */
async function end(hold: Hold, region: RegionProxies, trail: AuditTrail, pollMs: number, reason: string): Promise<PreAllocateResult> {
  setPhase(hold, 'ended');
  hold.left = await giveBackAll(hold, region, pollMs);
  const report = hold.report();
  show(hold);
  await condition(allHandlersFinished);
  const { left, handedOver, planned, order, refused } = hold;
  const result: PreAllocateResult = left.length > 0 ? { kind: 'NeedsOperator', reasons: [reason], left, report } : { kind: 'Ended', reason, handedOver, planned, order, report, refused };
  await trail.record('outcome', result.kind, { reason, detail: result });
  return result;
}

/** Something is needed, and what it comes to could not be said yet. */
function isUnplanned({ need, planned }: Hold): boolean {
  return planned === null && need !== null && need.needFromMs !== null;
}

function setPhase(hold: Hold, phase: HoldPhase): true {
  if (hold.phase !== phase) upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: phase }]);
  hold.phase = phase;
  return true;
}

function show(hold: Hold): void {
  const { pool, window, phase, need, held, scheduled, order, handedOver, report, refused, left } = hold.status();
  const lines = [
    `### ${pool}, ${window}: ${phase}`,
    ...(need?.why ?? []),
    ...held.map(({ id, shape, zone, usdPerHour, rung }) => `- **${id}** ${shape} in ${zone} (${rung}), ${usdPerHour.toFixed(4)} USD/h`),
    ...(order === null ? [] : [`- **${order.reservationId}** ${order.count} x ${order.shape} in ${order.zone}, ordered for ${new Date(order.startAtMs).toISOString()}: ${order.state}; ${order.commitmentUsd.toFixed(2)} USD are committed`]),
    ...(scheduled === null ? [] : [`- AWS raises the group by ${scheduled.by} at ${new Date(scheduled.atMs).toISOString()}, should no worker be there`]),
    ...handedOver.map(({ reservation, by }) => `- ${reservation.id} was handed over to ${by}`),
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
