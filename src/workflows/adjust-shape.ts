import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, allHandlersFinished, condition, continueAsNew, defineQuery, defineUpdate, proxyActivities, setCurrentDetails, setHandler, startChild, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { ADJUST_MESSAGES, ADJUST_SHAPE, type AdjustActivities, type AdjustShapeInput, type AdjustShapeResult, type AdjustStatus, type AdjustmentMemory, type ShapeChange, type ShapeLook, type StopArgs } from '../contracts/adjust-shape';
import { MIGRATE_INSTANCE, type MigrateInstanceInput } from '../contracts/migrate-instance';
import type { MigrationActivities } from '../contracts/migration-activities';
import { INSTANCE_ATTRIBUTE } from '../contracts/search-attributes';
import { migrationWorkflowId, shapeWorkflowId } from '../contracts/workflow-ids';
import { checkPlainCommand } from '../domain/queue/queue-input';
import { checkAdjustInput } from '../domain/shapes/adjustment/adjust-input';
import { INITIAL_STATE } from '../domain/shapes/adjustment/adjustment-state';
import { SLOW_READ, say } from './activity-proxies';
import { shapeMove } from './adjust-shape/shape-move';
import { AuditTrail } from './audit-trail';
import { refuseInput } from './refuse-input';
import { resizeByChild } from './resize-child';
import { sentenceOf } from './sentence-of';

type Weighed = Extract<ShapeLook, { kind: 'weighed' }>;

/** What one run hands to the next. */
interface Kept {
  readonly memory: AdjustmentMemory;
  readonly rounds: number;
  readonly changes: readonly ShapeChange[];
}

const NOTHING: Kept = { memory: { state: INITIAL_STATE, expected: null }, rounds: 0, changes: [] };
const EVERY_MS = 300_000;
const EVEN_TRADEOFF = 0.5;
const MOST_CHANGES = 20;
/** A history stays small: ten events a look. */
const LOOKS_IN_RUN = 400;

const reads = proxyActivities<AdjustActivities & Pick<MigrationActivities, 'recordAudit'>>(SLOW_READ);
const stopUpdate = defineUpdate<string, [StopArgs | undefined]>(ADJUST_MESSAGES.stop);
const statusQuery = defineQuery<AdjustStatus>(ADJUST_MESSAGES.status);

/**
 * Looks after one instance's shape: forecasts it, learns from what came of the last forecast, and changes its shape where that pays, in place or by a move through its fleet's queue. In
 * `observe`, the default, it only tells what it would do. Where another instance takes its place, that one is looked after from then on.
 */
export async function adjustShape(input: AdjustShapeInput, kept: Kept = NOTHING): Promise<AdjustShapeResult> {
  const problems = checkAdjustInput(input);
  const { workflowId, runId } = workflowInfo();
  if (problems.length === 0 && workflowId !== shapeWorkflowId(input.instanceId)) problems.push(`the shape of ${input.instanceId} has the workflow id ${shapeWorkflowId(input.instanceId)} and no other: one looks after it`);
  refuseInput(problems);
  const { instanceId, mode = 'observe', tradeoff = EVEN_TRADEOFF, everyMs = EVERY_MS } = input;
  const trail = new AuditTrail((entry) => reads.recordAudit(entry), { runId, actor: 'foreshift:shape', instanceId });
  let { memory, rounds } = kept;
  let stopping: StopArgs | null = null;
  let status: AdjustStatus = { instanceId, mode, rounds, shape: null, last: 'not looked at yet', beyondBudget: null, changes: kept.changes };
  const show = (change: Partial<AdjustStatus>): void => {
    status = { ...status, ...change };
    setCurrentDetails(describe(status));
  };
  setHandler(statusQuery, () => status, { description: 'What it would become and why, and what was changed' });
  setHandler(stopUpdate, (args) => ((stopping = args ?? {}), `the shape of ${instanceId} is looked after no longer`), { validator: (args) => refuseInput(checkPlainCommand(args, 'stop')), description: 'Ends it: {"reason": "...", "by": "..."}' });
  upsertSearchAttributes([{ key: INSTANCE_ATTRIBUTE, value: instanceId }]);

  for (let looks = 1; ; looks += 1) {
    rounds += 1;
    const look = await say(reads.weighShape, `Weigh ${instanceId}`, { instanceId, memory, tradeoff, shapes: input.shapes ?? null, budget: input.budget ?? {} });
    if (look.kind === 'gone') return finish(look.replacementId === null ? 'Gone' : 'HandedOver', look.replacementId);
    if (look.kind === 'busy') show({ rounds, last: look.reason });
    else {
      memory = look.memory;
      if (look.beyondBudget !== null && look.beyondBudget !== status.beyondBudget) await trail.record('refusal', 'BudgetExceeded', { reason: look.beyondBudget });
      show({ rounds, shape: look.instance.shape, last: look.decision.reason, beyondBudget: look.beyondBudget });
      if (look.decision.kind === 'adjust') await act(look);
    }
    if (rounds >= (input.rounds ?? Infinity)) return finish('Ended', null);
    if (await condition(() => stopping !== null, everyMs)) return finish('Stopped', null);
    if (looks >= LOOKS_IN_RUN || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      // What was said while others were still being heard is this run's to follow.
      if (stopping === null) await continueAsNew<typeof adjustShape>(input, { memory, rounds, changes: status.changes });
    }
  }

  async function act({ decision, instance }: Weighed): Promise<void> {
    if (decision.kind !== 'adjust') return;
    const { target, means, reason, usdPerHourBefore, usdPerHourAfter, oneOffUsd } = decision;
    await trail.record('decision', `${instance.shape} should become ${target.name}, ${means}`, { reason, detail: decision });
    const outcome = mode === 'observe' ? 'only looked at' : await carryOut(decision.target.name, means, reason, instance).catch((error: unknown) => `refused: ${sentenceOf(error)}`);
    const change = { atMs: Date.now(), from: instance.shape, to: target.name, means, outcome, reason, usdPerHourBefore, usdPerHourAfter, oneOffUsd, usdPerHourSaved: usdPerHourBefore - usdPerHourAfter };
    show({ changes: [...status.changes, change].slice(-MOST_CHANGES) });
    await trail.record(mode === 'observe' || outcome.startsWith('refused') ? 'refusal' : 'act', `${instance.shape} -> ${target.name}: ${outcome}`, { reason, detail: change });
  }

  /** In place under the instance's lock; else by its fleet's queue, whose limits hold for this as well; without a fleet by a migration of its own. */
  async function carryOut(shape: string, means: ShapeChange['means'], reason: string, instance: Weighed['instance']): Promise<string> {
    if (means === 'in-place') {
      const result = await resizeByChild({ instanceId, shape, reason, name: instance.name });
      return result.kind === 'Resized' ? `resized, out of service for ${(result.downMs / 1000).toFixed(0)} s` : `refused: ${result.kind}: ${result.reasons.join('; ')}`;
    }
    if (instance.fleet !== null) {
      const [answer] = await say(reads.enqueueMoves, `Queue the move in fleet ${instance.fleet}`, { fleet: instance.fleet, requests: [shapeMove({ instanceId, shape, reason, instance, round: rounds })] });
      return answer?.kind === 'refused' ? `refused: ${answer.reason}` : `queued in fleet ${instance.fleet}`;
    }
    const migration: MigrateInstanceInput = { instanceId, shapes: [shape], zones: [instance.zone], reason: reason.slice(0, 500), trigger: 'tick' };
    try {
      await startChild(MIGRATE_INSTANCE, { workflowId: migrationWorkflowId(instanceId), args: [migration], parentClosePolicy: ParentClosePolicy.ABANDON });
      return `moves by ${migrationWorkflowId(instanceId)}`;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return `refused: ${migrationWorkflowId(instanceId)} moves it already`;
      throw error;
    }
  }

  async function finish(outcome: AdjustShapeResult['outcome'], replacementId: string | null): Promise<AdjustShapeResult> {
    if (replacementId !== null) {
      await startChild(ADJUST_SHAPE, { workflowId: shapeWorkflowId(replacementId), args: [{ ...input, instanceId: replacementId }], parentClosePolicy: ParentClosePolicy.ABANDON }).catch((error: unknown) => {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      });
    }
    await trail.record('outcome', `the shape of ${instanceId}: ${outcome}`, { reason: stopping?.reason ?? replacementId, ...(stopping?.by === undefined ? {} : { actor: stopping.by }) });
    await condition(allHandlersFinished);
    return { ...status, outcome, replacementId };
  }
}

function describe({ instanceId, mode, rounds, shape, last, beyondBudget, changes }: AdjustStatus): string {
  const rows = changes.map(({ atMs, from, to, means, outcome, reason, usdPerHourBefore, usdPerHourAfter, oneOffUsd }) => `| ${new Date(atMs).toISOString()} | ${from} → ${to}, ${means} | ${outcome} | ${usdPerHourBefore.toFixed(4)} → ${usdPerHourAfter.toFixed(4)} | ${oneOffUsd.toFixed(4)} | ${reason} |`);
  return [`### ${instanceId}: ${shape ?? ''} (${mode}, look ${rounds})`, last, ...(beyondBudget === null ? [] : [`beyond the budget: ${beyondBudget}`]), ...(rows.length === 0 ? [] : ['', '| when | change | | USD/h | USD once | why |', '|---|---|---|---|---|---|', ...rows])].join('\n');
}
