import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { ISOLATE_HOST, ISOLATE_MESSAGES } from '../../../src/contracts/isolate-host';
import type { IsolateHostInput, IsolationStatus } from '../../../src/contracts/isolate-host';
import { ROUTE_MESSAGES, ROUTE_REQUESTS } from '../../../src/contracts/route-requests';
import type { RecommendArgs, RouteRequestsInput, RoutingStatus } from '../../../src/contracts/route-requests';
import { isolationWorkflowId, migrationWorkflowId, routingWorkflowId } from '../../../src/contracts/workflow-ids';
import type { Slot } from '../fleet/fleet';
import type { Scenario } from './scenario';

const LOOK_EVERY_MS = 200;
const LOOKED_MS = 1_000;
const PORT = 8_080;

/** Of two members the first is about to be overloaded by half of what comes. */
function outlookOf({ instanceIds }: Slot): RecommendArgs {
  const members = instanceIds.map((memberId, i) => ({ memberId, capacity: 100, load: [{ level: 0.5, value: i === 0 ? 85 : 25 }, { level: 0.9, value: i === 0 ? 95 : 30 }] }));
  return { outlook: { atMs: Date.now(), horizonMs: 600_000, members, classShares: { items: 1 } }, reason: 'a case' };
}

/** As a client that recommends once, sees it in effect, and takes it back. */
async function recommendAndWithdraw(handle: WorkflowHandle, isOver: () => boolean, slot: Slot): Promise<void> {
  const tell = (signal: string, args: unknown): Promise<boolean> => handle.signal(signal, args).then(() => true, () => false);
  while (!isOver() && !(await tell(ROUTE_MESSAGES.recommend, outlookOf(slot)))) await sleep(LOOK_EVERY_MS);
  for (; !isOver(); await sleep(LOOK_EVERY_MS)) {
    const status = await handle.query<RoutingStatus>(ROUTE_MESSAGES.status).catch(() => null);
    if (status?.phase === 'routed' && status.verifiedAtMs !== null && (await tell(ROUTE_MESSAGES.withdraw, { reason: 'the case is over' }))) return;
  }
}

/** As an operator who lifts it once everything has gone; waits for what was on its way. */
async function liftOnceDrained(handle: WorkflowHandle, isOver: () => boolean, { instanceIds }: Slot): Promise<void> {
  for (; !isOver(); await sleep(LOOK_EVERY_MS)) {
    const status = await handle.query<IsolationStatus>(ISOLATE_MESSAGES.status).catch(() => null);
    if (status?.phase !== 'isolated') continue;
    const lifted = await handle.executeUpdate(ISOLATE_MESSAGES.lift, { args: [{ reason: 'the case is over' }] }).then(() => true, () => false);
    if (lifted) break;
  }
  // What the queue has begun goes on whatever becomes of the isolation.
  for (const instanceId of instanceIds) await handle.client.getHandle(migrationWorkflowId(instanceId)).result().catch(() => undefined);
}

/** Requests are routed otherwise for a while, and a pool is isolated. */
export const STEERING_SCENARIOS: readonly Scenario[] = [
  {
    name: `${ROUTE_REQUESTS}/elbv2`,
    expects: 'Withdrawn',
    instances: 2,
    start: (slot) => {
      const { service, listenerArn, targetGroupArn, priority, instanceIds } = slot;
      const input: RouteRequestsInput = {
        service,
        balancer: { kind: 'elbv2', listenerArn, targetGroupArn, port: PORT, firstPriority: priority - 1 },
        members: instanceIds.map((memberId) => ({ memberId })),
        classes: [{ name: 'items', priority: 'normal', paths: [`/${service}/*`] }],
        verifyEveryMs: LOOKED_MS,
        settleMs: LOOKED_MS,
      };
      return { type: ROUTE_REQUESTS, workflowId: routingWorkflowId(service), input };
    },
    meanwhile: recommendAndWithdraw,
    serving: ({ instanceIds }) => instanceIds,
  },
  {
    name: `${ISOLATE_HOST}/pool`,
    // Its result names the kind of place and how far it came.
    expects: 'pool',
    // Of a single one the queue would not risk the last that is healthy.
    instances: 2,
    start: ({ pool }) => {
      const input: IsolateHostInput = { pool, reason: 'a case', lookEveryMs: LOOKED_MS };
      return { type: ISOLATE_HOST, workflowId: isolationWorkflowId(pool), input };
    },
    meanwhile: liftOnceDrained,
    // The queue's moves are not the case's: whether one has begun before a fault is left open.
    serving: 'as many',
    isSpent: true,
  },
];
