import { businessFailure, nullIfNotFound } from '../contracts/errors';
import type { QueueActivities, QueueClientActivities, SeenMove } from '../contracts/migration-queue';
import { isPlanId } from '../contracts/shape-fleet';
import { FLEET_TAG, OWNER_TAG } from '../contracts/workflow-ids';
import type { MoveFacts } from '../domain/queue/choose-starts';
import { resolveWindows } from '../domain/queue/windows';
import { serviceOf } from '../domain/service-of';
import type { BalancerPort } from './balancer-port';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { IsolationStore } from './isolation-port';
import type { MigrationDirectory } from './migration-directory-port';
import type { QueueClient } from './queue-client-port';

export interface QueueDependencies {
  readonly compute: Pick<ComputePort, 'describe' | 'listTagged' | 'passingChecks'>;
  readonly balancer: Pick<BalancerPort, 'bindingsOf'>;
  readonly isolations: Pick<IsolationStore, 'active'>;
  readonly migrations: MigrationDirectory;
  readonly queues: QueueClient;
  /** Which of a plan's moves are no longer wanted, weighed on fresh data, and why, by instance. */
  readonly recheck: (planId: string, instanceIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly now: () => number;
}

/** What the queue reads before a move begins and while it runs. */
export function createQueueActivities(deps: QueueDependencies): QueueActivities & QueueClientActivities {
  return {
    async resolveWindows({ windows, fromMs, untilMs }) {
      try {
        return resolveWindows(windows, fromMs, untilMs);
      } catch (error) {
        if (error instanceof RangeError) throw businessFailure('InvalidInput', `windows: ${error.message}`, error);
        throw error;
      }
    },
    async inspectMoves({ moves }) {
      const fleet = await deps.compute.listTagged(FLEET_TAG, null);
      const seen = await Promise.all(moves.map(async ({ instanceId, service, decisionId }) => ({ instanceId, decisionId, facts: await factsOf(deps, instanceId, service, fleet) })));
      const unwanted = await unwantedOf(deps, seen);
      const instances = seen.map(({ instanceId, facts }) => {
        const reason = unwanted.get(instanceId);
        return { instanceId, ...facts, ...(reason === undefined ? {} : { unwanted: reason }) };
      });
      const isolations = await deps.isolations.active(deps.now());
      return { instances, isolatedPools: isolations.map(({ place }) => place) };
    },
    describeMoves: ({ moves }) =>
      Promise.all(
        moves.map(async ({ itemId, instanceId, runId }): Promise<SeenMove> => {
          const seen = await deps.migrations.look(instanceId, runId);
          return { itemId, ...(seen ?? { phase: null, end: { outcome: 'failed', replacementId: null, toPool: null, reason: 'there is no such migration' } }) };
        }),
      ),
    enqueueMoves: ({ fleet, requests }) => deps.queues.enqueue(fleet, requests),
    cancelMoves: ({ fleet, ...args }) => deps.queues.cancel(fleet, args),
  };
}

/** Moves of plans are weighed anew, a plan's together; a drain and an operator's wish stay what they are. */
async function unwantedOf(
  { recheck }: QueueDependencies,
  seen: readonly { readonly instanceId: string; readonly decisionId: string | null; readonly facts: MoveFacts }[],
): Promise<ReadonlyMap<string, string>> {
  const byPlan = new Map<string, string[]>();
  for (const { instanceId, decisionId, facts } of seen) {
    if (decisionId !== null && isPlanId(decisionId) && facts.state === 'running') byPlan.set(decisionId, [...(byPlan.get(decisionId) ?? []), instanceId]);
  }
  const rechecked = await Promise.all([...byPlan].map(([planId, instanceIds]) => recheck(planId, instanceIds)));
  return new Map(rechecked.flatMap((reasons) => [...reasons]));
}

async function factsOf({ compute, balancer }: QueueDependencies, instanceId: string, service: string, fleet: readonly InstanceFacts[]): Promise<MoveFacts> {
  const facts = await compute.describe(instanceId).catch(nullIfNotFound);
  if (facts === null) return { state: 'gone', ownedBy: null, healthyOthers: 0 };
  const ownedBy = facts.tags[OWNER_TAG] ?? null;
  if (facts.state !== 'running' || ownedBy !== null) return { state: facts.state, ownedBy, healthyOthers: 0 };
  const others = fleet.filter((other) => other.instanceId !== instanceId && other.state === 'running' && other.tags[OWNER_TAG] === undefined && serviceOf(other.tags) === service);
  const passing = await compute.passingChecks(others.map((other) => other.instanceId));
  // Behind a balancer an instance is only as healthy as its target: it counts what both say is healthy.
  const [binding] = await balancer.bindingsOf(instanceId);
  return { state: facts.state, ownedBy, healthyOthers: binding === undefined ? passing.size : Math.min(passing.size, binding.healthyOthers) };
}
