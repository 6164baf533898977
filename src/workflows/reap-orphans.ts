import { ActivityFailure } from '@temporalio/common';
import { CancellationScope, defineQuery, isCancellation, proxyActivities, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { MigrationActivities } from '../contracts/migration-activities';
import { REAP_MESSAGES, type DriftActivities, type ReapActivities, type ReapLine, type ReapOrphansInput, type ReapOrphansResult, type ReapSurvey } from '../contracts/reap-orphans';
import { OUTCOME_ATTRIBUTE } from '../contracts/search-attributes';
import { migrationWorkflowId } from '../contracts/workflow-ids';
import { describeDrift } from '../domain/recovery/find-drift';
import { describeResource, runKey } from '../domain/recovery/owned-resource';
import { checkReapInput } from '../domain/recovery/reap-input';
import { ACT, SLOW_READ, say } from './activity-proxies';
import { AuditTrail } from './audit-trail';
import { findRegion } from './find-region';
import { describeReaping } from './reap-orphans/describe-reaping';
import { isRight, recoverMove } from './reap-orphans/recover-move';
import { refuseInput } from './refuse-input';
import { sentenceOf } from './sentence-of';

const GRACE_MS = 30 * 60_000;
const MOST_ACTS = 100;
/** So many reasons stand in a record's sentence; its detail has all. */
const MOST_REASONS = 20;

const NOTHING: ReapSurvey = { resources: 0, reap: [], kept: [], needsOperator: [], recoverable: [], counts: { reap: 0, keep: 0, needsOperator: 0 } };
const local = proxyActivities<Pick<MigrationActivities, 'recordAudit' | 'resolvePolicy'>>(ACT);
const statusQuery = defineQuery<ReapOrphansResult>(REAP_MESSAGES.status);

/**
 * Finds what workflows that have ended left in AWS, and takes away what nothing uses: each thing is looked at and decided about anew before it goes. What may serve stays, and is
 * named with the reason. May be run at any time and again.
 */
export async function reapOrphans(input: ReapOrphansInput = {}): Promise<ReapOrphansResult> {
  refuseInput(checkReapInput(input));
  const { graceMs = GRACE_MS, mostActs = MOST_ACTS, confirmedGone = [], dryRun = false } = input;
  const policy = { graceMs };
  const actor = input.actor ?? 'foreshift:reaper';
  const trail = new AuditTrail((entry) => local.recordAudit(entry), { runId: workflowInfo().firstExecutionRunId, actor, instanceId: null });
  let result: ReapOrphansResult = { kind: dryRun ? 'DryRun' : 'Done', drift: { drift: [], silent: [] }, survey: NOTHING, reaped: [], recovered: [], failed: [] };
  const show = (change: Partial<ReapOrphansResult>): void => {
    result = { ...result, ...change };
    setCurrentDetails(describeReaping(result));
  };
  setHandler(statusQuery, () => result, { description: 'What was found, what was taken away, and what was left and why' });

  const { taskQueue } = await findRegion(input.region);
  const at = taskQueue === null ? {} : { taskQueue };
  const { pollMs } = await local.resolvePolicy();
  const looks = proxyActivities<ReapActivities & DriftActivities>({ ...SLOW_READ, ...at });
  // Polls by retry until it is gone; what is refused in between is not tried again.
  const acts = proxyActivities<ReapActivities>({ ...ACT, ...at, scheduleToCloseTimeout: '20m', retry: { initialInterval: pollMs, backoffCoefficient: 1, maximumInterval: pollMs } });

  const survey = await say(looks.surveyOrphans, 'What is left of workflows that have ended?', { policy, confirmedGone, mostActs });
  const drift = await looks.checkDrift();
  show({ survey, drift });
  if (!dryRun) {
    if (drift.drift.length > 0) await trail.record('decision', `${drift.drift.length} thing(s) are not as they are meant to be`, { reason: drift.drift.slice(0, MOST_REASONS).map(describeDrift).join('; '), detail: drift });
    if (survey.reap.length + survey.needsOperator.length > 0) await trail.record('decision', `${survey.counts.reap} thing(s) are taken away, ${survey.counts.needsOperator} are left to an operator`, { reason: reasonOf(survey), detail: { ...survey, confirmedGone } });
    const sinceMs = Date.now();
    const heldBack = new Set<string>();
    for (const line of survey.reap) {
      const failure = heldBack.has(runKey(line)) ? 'an earlier thing of the same run could not be taken away' : await takeAway(line, sinceMs);
      if (failure === null) show({ reaped: [...result.reaped, line] });
      else {
        // What comes later in a run is what an operator needs for the thing that stayed.
        heldBack.add(runKey(line));
        show({ kind: 'SomeLeft', failed: [...result.failed, { ...line, why: failure }] });
      }
    }
    if (input.recover === true) for (const instanceId of survey.recoverable) show({ recovered: [...result.recovered, await recoverMove(instanceId, actor)] });
    if (isSomeLeft(result)) show({ kind: 'SomeLeft' });
    if (survey.counts.reap + survey.counts.needsOperator > 0) await trail.record('outcome', result.kind, { reason: `${result.reaped.length} taken away, ${result.failed.length} not, ${survey.counts.needsOperator} left to an operator`, detail: { kind: result.kind, reaped: result.reaped, recovered: result.recovered, failed: result.failed } });
  }
  upsertSearchAttributes([{ key: OUTCOME_ATTRIBUTE, value: result.kind }]);
  return result;

  /** Why it was not; null where it is gone. An act that was begun is waited for. */
  async function takeAway({ kind, id, owner, runId, why }: ReapLine, sinceMs: number): Promise<string | null> {
    const target = { kind, id, owner, runId };
    try {
      await say(acts.reapResource, `Take away ${describeResource(target)}: ${why}`, { target, policy, confirmedGone, sinceMs });
      return null;
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      const sentence = sentenceOf(error);
      await CancellationScope.nonCancellable(() => trail.record('refusal', `${describeResource(target)} is not taken away`, { reason: sentence, detail: target }));
      return sentence;
    }
  }
}

/** Of moves that were recovered nothing is left to an operator. */
function isSomeLeft({ survey: { counts, reap, needsOperator, recoverable }, recovered }: ReapOrphansResult): boolean {
  if (counts.reap > reap.length || counts.needsOperator > needsOperator.length || recoverable.length > recovered.length) return true;
  const isRecovered = (owner: string): boolean => recovered.some(({ instanceId, outcome }) => owner === migrationWorkflowId(instanceId) && isRight(outcome));
  return needsOperator.some(({ owner }) => !isRecovered(owner));
}

function reasonOf({ needsOperator }: ReapSurvey): string | null {
  const reasons = [...new Set(needsOperator.map(({ owner, why }) => `${owner}: ${why}`))];
  return reasons.length === 0 ? null : reasons.slice(0, MOST_REASONS).join('; ');
}
