import { CancellationScope, allHandlersFinished, condition, continueAsNew, defineQuery, isCancellation, patched, proxyActivities, setCurrentDetails, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { MigrationActivities } from '../contracts/migration-activities';
import { ROUTE_MESSAGES, type FollowArgs, type RecommendArgs, type RouteRequestsInput, type RouteRequestsResult, type RoutingActivities, type RoutingStatus } from '../contracts/route-requests';
import { everyRunOf, routingWorkflowId } from '../contracts/workflow-ids';
import { checkRouteRequestsInput } from '../domain/routing/routing-input';
import type { RoutingOutlook } from '../domain/routing/routing-outlook';
import type { RoutingRecommendation } from '../domain/routing/routing-recommendation';
import { ACT, UNDO, say } from './activity-proxies';
import { asFarAsKnown } from './as-far-as-known';
import { AuditTrail } from './audit-trail';
import { refuseInput } from './refuse-input';
import { describeRouting } from './route-requests/describe-routing';
import { ForecastWatch } from './route-requests/forecast-watch';
import { Inbox } from './route-requests/inbox';
import { sentenceOf } from './sentence-of';
import { UndoStack } from './undo-stack';

/** What one run hands to the next: what is in effect, and what it was told and has not done yet. */
interface Kept {
  readonly recommendation: RoutingRecommendation | null;
  /** The forecast that a watch's routing began with. */
  readonly origin: RoutingOutlook | null;
  readonly recommended: readonly RecommendArgs[];
  readonly moved: readonly FollowArgs[];
}

const NOTHING: Kept = { recommendation: null, origin: null, recommended: [], moved: [] };
const VERIFY_EVERY_MS = 30_000;
const SETTLE_MS = 60_000;
/** Started without a signal, it waits so long for one. */
const FIRST_WITHIN_MS = 300_000;
const MOST_REFUSED = 5;
/** A history stays small: ten events a look. */
const LOOKS_IN_RUN = 400;

const acts = proxyActivities<RoutingActivities & Pick<MigrationActivities, 'recordAudit'>>(ACT);
const undos = proxyActivities<RoutingActivities & Pick<MigrationActivities, 'listLeftovers'>>(UNDO);
const statusQuery = defineQuery<RoutingStatus>(ROUTE_MESSAGES.status);

/**
 * Routes a service's requests as is recommended, for as long as that is renewed: it is set and read back, looked at again and again, and taken back at its end, when it is withdrawn, when nothing
 * is about to be overloaded any more, and where something fails. What takes it back stands before what sets it, so that it is taken back whoever dies in between.
 */
export async function routeRequests(input: RouteRequestsInput, kept: Kept = NOTHING): Promise<RouteRequestsResult> {
  const { workflowId, runId, firstExecutionRunId } = workflowInfo();
  const problems = checkRouteRequestsInput(input);
  if (problems.length === 0 && workflowId !== routingWorkflowId(input.service)) problems.push(`the routing of ${input.service} has the workflow id ${routingWorkflowId(input.service)} and no other: one routes it`);
  refuseInput(problems);
  const { verifyEveryMs = VERIFY_EVERY_MS, settleMs = SETTLE_MS, watch, ...service } = input;
  const owner = { workflowId, runId: firstExecutionRunId };
  const trail = new AuditTrail((entry) => acts.recordAudit(entry), { runId, actor: 'foreshift:routing', instanceId: null });
  const undo = new UndoStack();
  let recommendation = kept.recommendation;
  let outcome: RouteRequestsResult['outcome'] = 'Expired';
  let reasons: readonly string[] = [];
  let status: RoutingStatus = { service: service.service, phase: recommendation === null ? 'waiting' : 'routed', recommendation, verifiedAtMs: null, deviations: { times: 0, last: [] }, leaving: [], refused: [], ended: null };
  const show = (change: Partial<RoutingStatus>): void => {
    status = { ...status, ...change };
    setCurrentDetails(describeRouting(status));
  };
  const refuse = (why: string): void => show({ refused: [...status.refused, why].slice(-MOST_REFUSED) });
  setHandler(statusQuery, () => status, { description: 'What is in effect, until when and why' });
  const inbox = new Inbox(service, kept, (wrong) => refuse(wrong.join('; ')));
  trail.serves(service.service);
  const forecasts = watch === undefined ? null : new ForecastWatch(service, watch, kept.origin);
  if (recommendation !== null) registerUndo();

  const startedAtMs = Date.now();
  const endsAtMs = (): number => recommendation?.untilMs ?? (forecasts === null ? startedAtMs + FIRST_WITHIN_MS : Infinity);
  /** What is left where it could not be taken back. */
  let left: readonly string[] = [];
  let looks = 0;
  try {
    while (inbox.withdrawn === null && left.length === 0 && looks < LOOKS_IN_RUN) {
      const [move, told] = [inbox.moved.shift(), inbox.recommended.shift() ?? (await forecasts?.look(recommendation !== null, (why) => refuse(why)))];
      if (move !== undefined) await follow(move);
      const released = told !== undefined && told !== null && (await consider(told)) === 'release';
      if (!inbox.isEmpty) continue;
      if (released || Date.now() >= endsAtMs()) {
        // A watch goes on with the next forecast.
        if (forecasts === null) break;
        await takeBack();
        continue;
      }
      const nextAtMs = Math.min(recommendation === null ? Infinity : Date.now() + verifyEveryMs, endsAtMs(), forecasts?.nextAtMs ?? Infinity);
      if (await condition(() => !inbox.isEmpty, Math.max(1, nextAtMs - Date.now()))) continue;
      looks += 1;
      if (Date.now() < endsAtMs()) await look();
    }
    if (inbox.withdrawn !== null) outcome = 'Withdrawn';
  } catch (error) {
    looks = 0;
    if (inbox.withdrawn !== null) outcome = 'Withdrawn';
    else {
      outcome = Date.now() >= endsAtMs() ? 'Expired' : 'RolledBack';
      reasons = [isCancellation(error) ? 'cancelled from outside' : sentenceOf(error)];
    }
  }
  if (looks >= LOOKS_IN_RUN && inbox.withdrawn === null && left.length === 0) return handOver();
  const result = await CancellationScope.nonCancellable(end);
  // What came while the last one was taken back begins anew.
  return result.outcome !== 'NeedsOperator' && inbox.withdrawn === null && inbox.recommended.length > 0 ? handOver() : result;

  async function handOver(): Promise<never> {
    await condition(allHandlersFinished);
    return continueAsNew<typeof routeRequests>(input, { recommendation, origin: forecasts?.origin ?? null, recommended: inbox.recommended, moved: inbox.moved });
  }

  async function consider({ outlook, reason, by }: RecommendArgs): Promise<'route' | 'release'> {
    const decision = await say(acts.decideRouting, 'Decide how requests are routed', { service, outlook, current: recommendation });
    const actor = by === undefined ? {} : { actor: by };
    if (decision.kind === 'release') {
      [outcome, reasons] = ['Released', decision.why];
      if (forecasts === null || recommendation !== null) await trail.record('decision', `${service.service}: nothing is to be routed`, { reason: decision.why.join('; '), ...actor });
      return 'release';
    }
    [outcome, reasons] = ['Expired', decision.recommendation.why];
    if (decision.changed) await trail.record('decision', `${service.service}: requests are routed until ${new Date(decision.recommendation.untilMs).toISOString()}`, { reason: reason ?? reasons.join('; '), detail: decision.recommendation, ...actor });
    await steer(decision.recommendation, decision.changed ? 'Route the requests' : 'The same for longer');
    return 'route';
  }

  async function steer(wanted: RoutingRecommendation, summary: string): Promise<void> {
    if (undo.names().length === 0) registerUndo();
    recommendation = wanted;
    const { classes, untilMs } = wanted;
    await inbox.untilWithdrawn(() => say(acts.steerRequests, summary, { owner, service, routing: { classes, untilMs } }));
    show({ phase: 'routed', recommendation, verifiedAtMs: Date.now() });
  }

  function registerUndo(): void {
    undo.push('remove what was made for the routing', async () => {
      if (service.balancer.kind === 'elbv2') await sleep(settleMs);
      await say(undos.clearRouting, 'Nothing of it is left', { owner, service });
    });
    undo.push('requests go as without Foreshift', () => say(undos.releaseRequests, 'Requests as without Foreshift', { owner, service }), { guards: true });
  }

  async function look(): Promise<void> {
    if (recommendation === null) return;
    const { classes, untilMs, leaving } = recommendation;
    const seen = await say(acts.verifyRouting, 'Is it still served?', { owner, service, routing: { classes, untilMs }, leaving });
    show({ leaving: seen.leaving, ...(seen.deviations.length === 0 ? { verifiedAtMs: Date.now() } : { deviations: { times: status.deviations.times + 1, last: seen.deviations } }) });
    if (seen.deviations.length === 0) return;
    await trail.record('readback', `${service.service}: the balancer serves something else`, { reason: seen.deviations.join('; ') });
    await steer(recommendation, 'Set again what is no longer served');
  }

  /** A move that the balancer refuses is told, and ends nothing. */
  async function follow(args: FollowArgs): Promise<void> {
    try {
      await say(acts.followMember, `${args.memberId} is at ${args.host}:${args.port} now`, { service, ...args });
    } catch (error) {
      if (isCancellation(error)) throw error;
      refuse(`follow: ${sentenceOf(error)}`);
    }
  }

  async function takeBack(): Promise<void> {
    left = [...left, ...(await undo.unwind(() => undefined))];
    if (left.length === 0) recommendation = null;
    show({ phase: 'waiting', recommendation });
  }

  async function end(): Promise<RouteRequestsResult> {
    // An earlier run that was terminated may have left a routing in effect.
    if (inbox.withdrawn !== null && undo.names().length === 0 && patched('withdraws-what-earlier-runs-left')) registerUndo();
    await takeBack();
    if (left.length > 0 && patched('names-what-is-left')) left = [...left, ...(await asFarAsKnown(say(undos.listLeftovers, 'What of it is left?', { owner: everyRunOf(workflowId) })))];
    const result: RouteRequestsResult = { outcome: left.length > 0 ? 'NeedsOperator' : outcome, reasons: inbox.withdrawn === null ? reasons : [inbox.withdrawn.reason ?? 'withdrawn'], left };
    show({ phase: 'over', recommendation, ended: result });
    await trail.record('outcome', `routing of ${service.service}: ${result.outcome}`, { reason: [...result.reasons, ...left].join('; '), ...(inbox.withdrawn?.by === undefined ? {} : { actor: inbox.withdrawn.by }) });
    await condition(allHandlersFinished);
    return result;
  }
}
