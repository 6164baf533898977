import type { PlanStore, StoredPlan } from '../../../activities/plan-port';
import type { Database } from '../../../adapters/postgres/database';
import { latestPlanHeads } from '../../../adapters/postgres/plan-heads';
import { SHAPE_FLEET, TICK_MESSAGES } from '../../../contracts/shape-fleet';
import type { TickStatus } from '../../../contracts/shape-fleet';
import { fateOf } from '../../../domain/fleet-plan/plan-modes';
import type { WeighedInstance } from '../../../domain/fleet-plan/weigh-instance';
import type { PlanRow } from '../../console-api';
import type { MoveAlternative } from '../../plan-api';
import { ConsoleRefusal } from '../console-refusal';
import { sharedRead } from '../shared-read';
import type { PlanPorts } from './console-ports';
import type { TemporalSide } from './temporal-side';

const PLANS_SHOWN = 50;
/** Ticks that run at once are few: those that wait for approval, and one that plans. */
const TICKS_ASKED = 20;
const ASKED_EVERY_MS = 3_000;

/** Plans, by the store; what is said of one goes to the workflow that made it. */
export function openPlans(temporal: TemporalSide, plans: PlanStore): PlanPorts {
  async function decide(planId: string, message: string, args: object): Promise<string> {
    const plan = await plans.readPlan(planId);
    if (plan === null) throw new ConsoleRefusal(404, `there is no plan ${planId}`);
    return temporal.update(plan.workflowId, message, args);
  }

  return {
    async readPlan(planId) {
      const stored = await plans.readPlan(planId);
      if (stored === null) return null;
      const { planHash, fleet, atMs, choice, plan, policy, workflowId } = stored;
      const mayWait = choice.mode !== 'observe' || Object.values(choice.modes).some((mode) => mode !== 'observe');
      const [weighed, status] = await Promise.all([plans.readWeighed(stored.tickId), mayWait ? temporal.statusOf<TickStatus>(workflowId) : null]);
      const awaits = status?.awaitingApproval?.planId === planId ? status.awaitingApproval.untilMs : null;
      return { planId, planHash, fleet: fleetName(fleet), atMs, mode: choice.mode, horizonMs: policy.sizing.horizonMs, plan, alternatives: alternativesOf(stored, weighed), awaitsUntilMs: awaits, temporalUrl: temporal.linkTo(workflowId) };
    },
    approvePlan: (planId, args) => decide(planId, TICK_MESSAGES.approve, args),
    declinePlan: (planId, args) => decide(planId, TICK_MESSAGES.decline, args),
  };
}

function alternativesOf({ plan, choice }: StoredPlan, weighed: readonly WeighedInstance[]): MoveAlternative[] {
  const known = new Map(weighed.map((one) => [one.instanceId, one.sizing]));
  return plan.moves.map((move) => {
    const sizing = known.get(move.instanceId);
    const fate = fateOf(move, choice);
    if (sizing === undefined || sizing.kind === 'unknown') return { instanceId: move.instanceId, fate, stay: null, best: null };
    return { instanceId: move.instanceId, fate, stay: { usd: sizing.stayUsd, overloadMinutes: sizing.stayOverloadMinutes }, best: { usd: sizing.bestUsd, overloadMinutes: sizing.bestOverloadMinutes } };
  });
}

/** Until when each plan that waits for approval does, as the ticks that run say. */
export function awaitedPlans(temporal: Pick<TemporalSide, 'list' | 'statusOf'>): () => Promise<ReadonlyMap<string, number>> {
  return sharedRead(async () => {
    const ticks = await temporal.list(`WorkflowType = '${SHAPE_FLEET}' AND ExecutionStatus = 'Running'`, TICKS_ASKED);
    const statuses = await Promise.all(ticks.map(({ workflowId }) => temporal.statusOf<TickStatus>(workflowId)));
    return new Map(statuses.flatMap((status) => (status?.awaitingApproval == null ? [] : [[status.awaitingApproval.planId, status.awaitingApproval.untilMs] as const])));
  }, ASKED_EVERY_MS);
}

/** The latest plans as rows. A plan never changes: the body of each is read once. */
export function createPlanList(db: Database, plans: Pick<PlanStore, 'readPlan'>, awaited: () => Promise<ReadonlyMap<string, number>>): () => Promise<PlanRow[]> {
  let known = new Map<string, Pick<PlanRow, 'mode' | 'instances'>>();
  return async () => {
    const [heads, waits] = await Promise.all([latestPlanHeads(db, PLANS_SHOWN), awaited()]);
    const next: typeof known = new Map();
    for (const { planId } of heads) {
      const kept = known.get(planId) ?? partOf(await plans.readPlan(planId));
      next.set(planId, kept);
    }
    known = next;
    return heads.map(({ planId, planHash, fleet, atMs, moves }) => ({ planId, planHash, fleet: fleetName(fleet), atMs, moves, ...(next.get(planId) ?? partOf(null)), awaitsUntilMs: waits.get(planId) ?? null }));
  };
}

function partOf(stored: StoredPlan | null): Pick<PlanRow, 'mode' | 'instances'> {
  return { mode: stored?.choice.mode ?? 'unknown', instances: (stored?.plan.moves.length ?? 0) + (stored?.plan.held.length ?? 0) };
}

/** A plan of no single fleet is of all. */
function fleetName(fleet: string): string {
  return fleet === '' ? 'all' : fleet;
}
