import { defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { QUEUE_MESSAGES } from '../../contracts/migration-queue';
import type { CancelArgs, ConfigureArgs, EnqueueAnswer, EnqueueArgs, FreezeArgs, MoveEndedArgs, PauseArgs, PredictArgs, QueueStatus, QueueStatusArgs, ReprioritizeArgs, ResumeArgs } from '../../contracts/migration-queue';
import { adjustMoves } from '../../domain/queue/adjust-moves';
import { enqueue } from '../../domain/queue/enqueue';
import { freeze, pause, reprioritize, resume, selectQueued, unfreeze } from '../../domain/queue/operator-commands';
import { checkBatch, checkCancel, checkConfigure, checkFreeze, checkMoveEnded, checkOutlooks, checkPause, checkPlainCommand, checkReprioritize } from '../../domain/queue/queue-input';
import type { QueuePolicy } from '../../domain/queue/queue-policy';
import type { Queue } from './queue';
import { statusOf } from './status';
import { refuseInput } from '../refuse-input';

type Touched = { readonly itemIds: readonly string[] };

const enqueueUpdate = defineUpdate<readonly EnqueueAnswer[], [EnqueueArgs]>(QUEUE_MESSAGES.enqueue);
const cancelUpdate = defineUpdate<Touched, [CancelArgs]>(QUEUE_MESSAGES.cancel);
const reprioritizeUpdate = defineUpdate<Touched, [ReprioritizeArgs]>(QUEUE_MESSAGES.reprioritize);
const pauseUpdate = defineUpdate<string, [PauseArgs]>(QUEUE_MESSAGES.pause);
const resumeUpdate = defineUpdate<string, [ResumeArgs | undefined]>(QUEUE_MESSAGES.resume);
const freezeUpdate = defineUpdate<string, [FreezeArgs]>(QUEUE_MESSAGES.freeze);
const unfreezeUpdate = defineUpdate<string, [ResumeArgs | undefined]>(QUEUE_MESSAGES.unfreeze);
const configureUpdate = defineUpdate<QueuePolicy, [ConfigureArgs]>(QUEUE_MESSAGES.configure);
const predictSignal = defineSignal<[PredictArgs]>(QUEUE_MESSAGES.predict);
const moveEndedSignal = defineSignal<[MoveEndedArgs]>(QUEUE_MESSAGES.moveEnded);
const instancesQuery = defineQuery<readonly string[]>(QUEUE_MESSAGES.instances);
const statusQuery = defineQuery<QueueStatus, [QueueStatusArgs?]>(QUEUE_MESSAGES.status);

/** What can be said to the queue. Every handler is done in one step: nothing comes between what it reads and what it writes. */
export function listen(queue: Queue): void {
  setHandler(enqueueUpdate, (args) => takeIn(queue, args), { validator: (args) => refuseInput(checkBatch(args)), description: 'Takes moves in: {"requests": [...]}; answers each' });
  setHandler(cancelUpdate, (args) => cancel(queue, args), { validator: (args) => refuseInput(checkCancel(args)), description: 'Takes queued moves out: {"itemId"|"instanceId"|"decisionId": "...", "reason": "..."}' });
  setHandler(reprioritizeUpdate, (args) => change(queue, args), { validator: (args) => refuseInput(checkReprioritize(args)), description: 'Other impact, deadline or weight: {"itemId": "...", "weight": 10}' });
  setHandler(pauseUpdate, (args) => command(queue, 'paused', args, () => (queue.state = pause(queue.state, args.reason, args.holdRunning ?? false))), {
    validator: (args) => refuseInput(checkPause(args)),
    description: 'No move begins until resume: {"reason": "...", "holdRunning": true}',
  });
  setHandler(resumeUpdate, (args) => command(queue, 'resumed', args, () => (queue.state = resume(queue.state))), { validator: (args) => refuseInput(checkPlainCommand(args, 'resume')), description: 'Ends a pause and closes the breaker' });
  setHandler(freezeUpdate, (args) => command(queue, `frozen until ${new Date(args.untilMs).toISOString()}`, args, () => (queue.state = freeze(queue.state, { fromMs: args.fromMs ?? Date.now(), untilMs: args.untilMs, reason: args.reason }))), {
    validator: (args) => refuseInput(checkFreeze(args, Date.now())),
    description: 'No move begins in this time: {"untilMs": ..., "reason": "..."}',
  });
  setHandler(unfreezeUpdate, (args) => command(queue, 'freezes lifted', args, () => (queue.state = unfreeze(queue.state))), { validator: (args) => refuseInput(checkPlainCommand(args, 'unfreeze')), description: "Lifts operators' freezes; the policy's stay" });
  setHandler(configureUpdate, (args) => configure(queue, args), { validator: (args) => refuseInput(checkConfigure(args)), description: 'Changes limits: {"maxMovesPerHour": 5}' });
  setHandler(predictSignal, (args) => predict(queue, args), { description: 'New predictions of instances that move or wait' });
  setHandler(moveEndedSignal, (args) => hearEnd(queue, args), { description: 'A migration tells how it ended' });
  setHandler(instancesQuery, () => [...queue.state.queued, ...queue.state.running].map(({ request }) => request.instanceId), { description: 'Ids of all instances that wait or move' });
  setHandler(statusQuery, (args) => statusOf(queue, args?.limit), { description: 'What waits, runs and ended, and why nothing begins' });
}

function takeIn(queue: Queue, { requests }: EnqueueArgs): readonly EnqueueAnswer[] {
  const { state, answers } = enqueue(queue.state, requests, queue.policy, Date.now());
  queue.state = state;
  for (const [i, answer] of answers.entries()) {
    const request = requests[i];
    const instanceId = typeof request?.instanceId === 'string' ? { instanceId: request.instanceId } : {};
    const actor = typeof request?.requestedBy === 'string' ? { actor: request.requestedBy } : {};
    if (answer.kind === 'queued') queue.journal.tell({ kind: 'decision', summary: `${answer.itemId} queued`, reason: request?.reason ?? null, detail: request, ...instanceId, ...actor });
    else queue.journal.tell({ kind: 'refusal', summary: `${answer.itemId} not queued`, reason: answer.kind === 'duplicate' ? `duplicate of ${answer.of}` : answer.reason, detail: answer, ...instanceId, ...actor });
  }
  queue.touch();
  return answers;
}

function cancel(queue: Queue, { reason, by, ...selector }: CancelArgs): Touched {
  const itemIds = selectQueued(queue.state, selector);
  for (const itemId of itemIds) queue.endUnbegun(itemId, 'cancelled', reason);
  queue.journal.tell({ kind: 'operator', summary: `cancelled ${itemIds.length} queued move(s)`, reason, actor: by ?? 'operator', detail: { selector, itemIds } });
  queue.touch();
  return { itemIds };
}

function change(queue: Queue, { reason, by, ...change }: ReprioritizeArgs): Touched {
  const { state, itemIds } = reprioritize(queue.state, change);
  queue.state = state;
  queue.journal.tell({ kind: 'operator', summary: `reprioritized ${itemIds.length} queued move(s)`, reason: reason ?? null, actor: by ?? 'operator', detail: { change, itemIds } });
  queue.touch();
  return { itemIds };
}

function command(queue: Queue, summary: string, args: ResumeArgs | undefined, act: () => void): string {
  act();
  queue.journal.tell({ kind: 'operator', summary, reason: args?.reason ?? null, actor: args?.by ?? 'operator', detail: args ?? null });
  queue.touch();
  return summary;
}

function configure(queue: Queue, { by = 'operator', ...policy }: ConfigureArgs): QueuePolicy {
  queue.policy = { ...queue.policy, ...policy };
  queue.windowsUntilMs = -Infinity;
  queue.journal.tell({ kind: 'operator', summary: 'limits changed', actor: by, detail: policy });
  queue.touch();
  return queue.policy;
}

function predict(queue: Queue, args: PredictArgs): void {
  const problems = checkOutlooks(args);
  if (problems.length > 0) return queue.journal.tell({ kind: 'refusal', summary: 'predictions were not understood', reason: problems[0] ?? null });
  const { state, adjustments, ended } = adjustMoves(queue.state, args.outlooks, Date.now());
  for (const { itemId, reason } of ended) queue.endUnbegun(itemId, 'stale', reason);
  queue.state = { ...queue.state, queued: state.queued };
  queue.adjustments.push(...adjustments);
  queue.touch();
}

function hearEnd(queue: Queue, args: MoveEndedArgs): void {
  const problems = checkMoveEnded(args);
  if (problems.length > 0) return queue.journal.tell({ kind: 'refusal', summary: 'the end of a move was not understood', reason: problems.join('; ') });
  const { itemId, ...end } = args;
  queue.endMove(itemId, end);
}
