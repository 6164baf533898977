import { allHandlersFinished, condition, executeChild, patched, proxyActivities, proxyLocalActivities, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { AuditKind } from '../contracts/audit';
import type { MigrationActivities } from '../contracts/migration-activities';
import { FLEET_ATTRIBUTE } from '../contracts/search-attributes';
import { WEIGH_FLEET_SHARD, type PlanActivities, type PlanSummary, type QueuedCounts, type ShapeFleetInput, type ShapeFleetResult } from '../contracts/shape-fleet';
import { checkFleetInput } from '../domain/fleet-input';
import type { AskedModes, MoveFate } from '../domain/fleet-plan/plan-modes';
import { changePlanPolicy } from '../domain/fleet-plan/plan-policy-input';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import { say } from './activity-proxies';
import { refuseInput } from './refuse-input';
import { Tick } from './shape-fleet/tick';
import type { weighFleetShard } from './weigh-fleet-shard';

/** So many shards are forecast at once. */
const SHARDS_AT_ONCE = 4;
const APPROVAL_TIMEOUT_MS = 3_600_000;
const NOBODY: QueuedCounts = { queued: 0, duplicates: 0, refusals: [] };

const plans = proxyActivities<PlanActivities>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '15m',
  retry: { initialInterval: '1s', maximumInterval: '15s' },
});
const locals = proxyLocalActivities<Pick<MigrationActivities, 'recordAudit'> & Pick<PlanActivities, 'resolvePlanPolicy'>>({ startToCloseTimeout: '10s' });

/**
 * One control tick: snapshot, forecasts, plan; then what the mode says. In `observe`, the default, nothing but plan and audit is written; what needs approval waits here
 * for the `approve` update until its time is over or a newer plan is there.
 */
export async function shapeFleet(input: ShapeFleetInput = {}): Promise<ShapeFleetResult> {
  refuseInput(checkFleetInput(input));
  if (input.fleet !== undefined && patched('tick-tells-its-fleet')) upsertSearchAttributes([{ key: FLEET_ATTRIBUTE, value: input.fleet }]);
  const choice: AskedModes = { mode: input.mode ?? 'observe', modes: input.modes ?? {} };
  const tick = new Tick(({ planId }) => plans.confirmPlan({ planId }));
  const policy = changePlanPolicy(await locals.resolvePlanPolicy(), input.policy ?? {});
  const plan = await makePlan(input, choice, policy, tick);
  await audit(plan.moves > 0 ? 'decision' : 'refusal', `plan ${plan.planId}: ${plan.moves} moves of ${plan.instances} instances`, plan.planHash, plan);

  tick.show({ phase: 'queue', plan });
  if (!allObserve(choice)) await say(plans.predictMoves, 'Tell the queues what is newly predicted', { tickId: tickId(), choice });
  const queued = plan.fates.goes === 0 ? NOBODY : await queue(plan, 'goes', 'foreshift:tick');
  const result = { ...plan, mode: choice.mode, decidedBy: null, queued };
  if (plan.fates.awaits === 0) return tick.finish({ ...result, outcome: plan.moves === 0 ? 'Empty' : plan.fates.goes === 0 ? 'Observed' : 'Queued' });

  const decision = await decisionOn(plan, tick, input.approvalTimeoutMs ?? APPROVAL_TIMEOUT_MS);
  await condition(allHandlersFinished);
  if (decision === null) {
    await audit('refusal', `plan ${plan.planId} was not approved in time`, null, null);
    return tick.finish({ ...result, outcome: 'Expired' });
  }
  const { approved, by, reason } = decision;
  await audit(approved ? 'approval' : 'operator', `plan ${plan.planId} was ${approved ? 'approved' : 'declined'}`, reason, null, by);
  if (!approved) return tick.finish({ ...result, outcome: 'Declined', decidedBy: by });
  return tick.finish({ ...result, outcome: 'Queued', decidedBy: by, queued: sum(queued, await queue(plan, 'awaits', by)) });
}

async function makePlan(input: ShapeFleetInput, choice: AskedModes, policy: FleetPlanPolicy, tick: Tick): Promise<PlanSummary> {
  const { workflowId, runId } = workflowInfo();
  const fleet = input.fleet ?? null;
  const { shards } = await say(plans.openTick, `Read ${fleet === null ? 'all fleets' : `fleet ${fleet}`} and what is around`, { tickId: tickId(), fleet });
  tick.show({ phase: 'weigh', shards });
  const waiting = Array.from({ length: shards }, (_, shard) => shard);
  const work = async (): Promise<void> => {
    for (let shard = waiting.shift(); shard !== undefined; shard = waiting.shift()) {
      await executeChild<typeof weighFleetShard>(WEIGH_FLEET_SHARD, { args: [{ tickId: tickId(), shard, policy }], workflowId: `${workflowId}/shard-${shard}/${runId}` });
      tick.shardDone();
    }
  };
  await Promise.all(Array.from({ length: Math.min(SHARDS_AT_ONCE, shards) }, work));
  tick.show({ phase: 'plan' });
  return say(plans.makePlan, 'Plan the fleet', { tickId: tickId(), fleet, policy, choice, workflowId });
}

/** Under this the tick's facts lie in the database. */
function tickId(): string {
  const { workflowId, runId } = workflowInfo();
  return `${workflowId}/${runId}`;
}

function allObserve({ mode, modes }: AskedModes): boolean {
  return [mode, ...Object.values(modes)].every((one) => one === 'observe');
}

/** What somebody says of a proposed plan; null where nobody does in time. */
async function decisionOn({ planId, planHash, fates }: PlanSummary, tick: Tick, timeoutMs: number): Promise<Tick['decision']> {
  const untilMs = Date.now() + timeoutMs;
  tick.show({ phase: 'approval', awaitingApproval: { planId, planHash, moves: fates.awaits, untilMs } });
  if (patched('approval-wanted-audited')) await audit('decision', 'approval wanted', `of ${fates.awaits} moves of plan ${planId}`, { planId, planHash, untilMs });
  await condition(() => tick.decision !== null, timeoutMs);
  tick.show({ awaitingApproval: null });
  return tick.decision;
}

async function queue({ planId }: PlanSummary, fate: MoveFate, requestedBy: string): Promise<QueuedCounts> {
  const counts = await say(plans.queuePlan, `Queue what ${fate === 'awaits' ? 'was approved' : 'needs no approval'}`, { planId, fate, requestedBy });
  await audit('act', `${counts.queued} moves of plan ${planId} went into the queue${fate === 'awaits' ? ' by approval' : ''}`, counts.refusals.join('; ') || null, counts);
  return counts;
}

function sum(a: QueuedCounts, b: QueuedCounts): QueuedCounts {
  return { queued: a.queued + b.queued, duplicates: a.duplicates + b.duplicates, refusals: [...a.refusals, ...b.refusals] };
}

async function audit(kind: AuditKind, summary: string, reason: string | null, detail: unknown, actor = 'foreshift:tick'): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  await locals.recordAudit({ key: `${workflowId}/${runId}/${summary}`, kind, atMs: Date.now(), actor, workflowId, runId, instanceId: null, summary, reason, detail });
}
