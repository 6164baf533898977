import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, condition, defineQuery, defineUpdate, isCancellation, proxyActivities, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { AuditKind } from '../contracts/audit';
import { ISOLATE_MESSAGES } from '../contracts/isolate-host';
import type { IsolateHostInput, IsolationActivities, IsolationStatus, LiftArgs } from '../contracts/isolate-host';
import type { MigrationActivities } from '../contracts/migration-activities';
import type { QueueClientActivities } from '../contracts/migration-queue';
import { PHASE_ATTRIBUTE } from '../contracts/search-attributes';
import { isolationWorkflowId } from '../contracts/workflow-ids';
import { checkIsolationInput, placeOf } from '../domain/isolation-input';
import { checkPlainCommand } from '../domain/queue/queue-input';
import { say } from './activity-proxies';
import { sentenceOf } from './sentence-of';

/** How often it is looked for what is still there. A drain of days grows the history by little: ten events a look. */
const LOOK_EVERY_MS = 60_000;
/** After so many looks that found the same it is looked at less often. */
const SLOWEST_LOOK_MS = 15 * 60_000;

// No local activities: messages that come while one runs are replayed in another order.
const acts = proxyActivities<IsolationActivities & QueueClientActivities & Pick<MigrationActivities, 'recordAudit'>>({
  startToCloseTimeout: '2m',
  scheduleToCloseTimeout: '30m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});
const liftUpdate = defineUpdate<string, [LiftArgs | undefined]>(ISOLATE_MESSAGES.lift);
const statusQuery = defineQuery<IsolationStatus>(ISOLATE_MESSAGES.status);

/**
 * Isolates a host, a zone or a pool: it is no target for moves until the isolation is lifted or expires, and its
 * instances are moved away through their fleets' queues. Ends with the isolation, also where it is cancelled.
 */
export async function isolateHost(input: IsolateHostInput): Promise<IsolationStatus> {
  const problems = checkIsolationInput(input);
  if (problems.length > 0) throw refused(problems.join('; '));
  const { kind, place } = placeOf(input);
  const { workflowId, runId } = workflowInfo();
  if (workflowId !== isolationWorkflowId(place)) throw refused(`the isolation of ${place} has the workflow id ${isolationWorkflowId(place)} and no other: a place is isolated once`);
  const source = input.source ?? 'operator';
  const untilMs = input.until === undefined ? null : Date.parse(input.until);
  const decisionId = `${workflowId}/${runId}`;
  const fleets = new Set<string>();
  let status: IsolationStatus = { place, kind, phase: input.drain === false ? 'isolated' : 'draining', untilMs, members: 0, unmanaged: [], queued: 0, refused: [] };
  let lifted: LiftArgs | null = null;
  let told = 0;
  const show = (change: Partial<IsolationStatus>): void => {
    if (change.phase !== undefined && change.phase !== status.phase) upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: change.phase }]);
    status = { ...status, ...change };
    setCurrentDetails(describe(status, input.reason));
  };
  const tell = (auditKind: AuditKind, summary: string, reason: string | null, detail: unknown = null, actor = `foreshift:isolation:${source}`): Promise<unknown> =>
    acts.recordAudit({ key: `${decisionId}/${(told += 1)}`, kind: auditKind, atMs: Date.now(), actor, workflowId, runId, instanceId: null, summary, reason, detail });
  setHandler(statusQuery, () => status, { description: 'What is isolated, until when, and what is still there' });
  setHandler(liftUpdate, (args) => ((lifted = args ?? {}), `${place} is isolated no longer`), { validator: validateLift, description: 'Ends the isolation: {"reason": "...", "by": "..."}' });

  upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: status.phase }]);
  const isOver = (): boolean => lifted !== null || (untilMs !== null && Date.now() >= untilMs);
  const sleep = (ms: number): Promise<unknown> => condition(() => lifted !== null, Math.max(1, untilMs === null ? ms : Math.min(ms, untilMs - Date.now())));
  try {
    await say(acts.isolatePlace, `No more moves to ${place}`, { kind, place, reason: input.reason, source, sinceMs: Date.now(), untilMs, workflowId });
    await tell('decision', `${kind} ${place} is isolated`, input.reason, input);
    let lookEveryMs = input.lookEveryMs ?? LOOK_EVERY_MS;
    for (let round = 1; !isOver() && status.phase === 'draining'; round += 1) {
      const outcome = await say(acts.drainPlace, `Look what is in ${place} and queue it`, { kind, place, reason: input.reason, source, decisionId, deadlineAtMs: input.deadline === undefined ? null : Date.parse(input.deadline), round });
      for (const fleet of outcome.fleets) fleets.add(fleet);
      const { queued, waiting, refused: refusals } = outcome.answers;
      if (queued + refusals.length > 0) await tell(refusals.length > 0 ? 'refusal' : 'decision', `${queued} move(s) away from ${place} queued`, refusals.join('; ') || null, outcome);
      const left = outcome.members - outcome.unmanaged.length;
      if (left > 0 && left === status.members - status.unmanaged.length) lookEveryMs = Math.min(lookEveryMs * 2, SLOWEST_LOOK_MS);
      show({ phase: left > 0 ? 'draining' : 'isolated', members: outcome.members, unmanaged: outcome.unmanaged, queued: queued + waiting, refused: refusals });
      if (left > 0) await sleep(lookEveryMs);
    }
    if (status.phase === 'isolated' && input.drain !== false) await tell('outcome', `${place} is drained`, status.unmanaged.length > 0 ? `${status.unmanaged.join(', ')} have no fleet and stay` : null);
    while (!isOver()) await (untilMs === null ? condition(() => lifted !== null) : sleep(untilMs - Date.now()));
  } catch (error) {
    lifted ??= { reason: isCancellation(error) ? 'cancelled from outside' : sentenceOf(error) };
    await CancellationScope.nonCancellable(() => end());
    throw error;
  }
  await end();
  return status;

  async function end(): Promise<void> {
    await say(acts.liftIsolation, `${place} may be a target again`, { place });
    for (const fleet of fleets) await say(acts.cancelMoves, `Cancel what waits in fleet ${fleet}`, { fleet, decisionId, reason: `${place} is isolated no longer` });
    show({ phase: lifted === null ? 'expired' : 'lifted' });
    await tell(lifted === null ? 'outcome' : 'operator', `the isolation of ${place} ${lifted === null ? 'expired' : 'is lifted'}`, lifted?.reason ?? null, null, lifted?.by ?? (lifted === null ? undefined : 'operator'));
  }
}

function validateLift(args: LiftArgs | undefined): void {
  const problems = checkPlainCommand(args, 'lift');
  if (problems.length > 0) throw refused(problems.join('; '));
}

function refused(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'InvalidInput', message, nonRetryable: true });
}

function describe({ kind, place, phase, untilMs, members, unmanaged, queued, refused: refusals }: IsolationStatus, reason: string): string {
  return [
    `### ${kind} ${place}: ${phase}`,
    reason,
    untilMs === null ? 'until it is lifted' : `until ${new Date(untilMs).toISOString()}`,
    `${members} instance(s) are there, ${queued} of them queued or on their way`,
    ...(unmanaged.length > 0 ? [`**without a fleet, they stay:** ${unmanaged.join(', ')}`] : []),
    ...refusals.map((refusal) => `- refused: ${refusal}`),
  ].join('\n\n');
}
