import type { CapacityActivities } from '../contracts/capacity-activities';
import { businessFailure, isFailure } from '../contracts/errors';
import { COMMITTED_ROLE, HELD_FOR_TAG, HELD_ROLE } from '../contracts/workflow-ids';
import { SERVICE_TAGS } from '../domain/service-of';
import type { BalancerPort } from './balancer-port';
import { stateOf } from './instance-state';
import { seenYet } from './seen-yet';
import type { ReplicaPort } from './replica-port';
import type { ReservationPort } from './reservation-port';
import { membersOf } from './pool-forecast';
import type { ComputePort } from './compute-port';

type HoldActivities = Pick<CapacityActivities, 'findPoolTemplate' | 'holdCapacity' | 'probeCapacity' | 'cancelReservation' | 'releaseHeld' | 'orderCapacity' | 'reservationState' | 'settleOrders' | 'launchHeld' | 'inspectHeld' | 'findHeldInstances'>;

export interface HoldDependencies {
  readonly reservations: ReservationPort;
  readonly compute: Pick<ComputePort, 'listTagged' | 'findOwned' | 'describe'>;
  readonly balancer: Pick<BalancerPort, 'listingsOf'>;
  readonly replicas: Pick<ReplicaPort, 'launch'>;
}

/** Capacity that is held for a pool. */
export function createHoldActivities({ reservations, compute, balancer, replicas }: HoldDependencies): HoldActivities {
  return {
    async findPoolTemplate({ pool }) {
      const [first] = (await membersOf(compute, pool, null)).toSorted((a, b) => a.launchedAtMs - b.launchedAtMs || (a.instanceId < b.instanceId ? -1 : 1));
      if (first === undefined) throw businessFailure('NotFound', `pool "${pool}" has no running instance: expected template in the request`);
      return { instanceId: first.instanceId };
    },
    holdCapacity: ({ owner, rung, step, pool }) => reservations.create(owner, rung, step, { role: HELD_ROLE, tags: { [HELD_FOR_TAG]: pool } }),
    async probeCapacity({ owner, rung, step }) {
      try {
        const { reservationId } = await reservations.create(owner, rung, step, { role: 'probe', tags: {} });
        await cancelIfLive(reservations, reservationId);
        return { refused: false };
      } catch (error) {
        if (isFailure(error, 'InsufficientCapacity')) return { refused: true };
        throw error;
      }
    },
    async releaseHeld({ owner, except }) {
      for (const reservationId of await reservations.findOwned(owner)) if (!except.includes(reservationId)) await reservations.cancel(reservationId);
    },
    cancelReservation: ({ reservationId }) => cancelIfLive(reservations, reservationId),
    orderCapacity: ({ owner, order, step, pool }) => reservations.order(owner, order, step, { role: COMMITTED_ROLE, tags: { [HELD_FOR_TAG]: pool } }),
    reservationState: async ({ reservationId }) => ({ state: await seenYet(reservationId, reservations.state(reservationId)) }),
    async settleOrders({ owner }) {
      const staying: string[] = [];
      for (const { reservationId, state } of await reservations.findOrdered(owner)) {
        if (state === 'assessing') await reservations.cancel(reservationId);
        else {
          await reservations.disown(reservationId);
          staying.push(reservationId);
        }
      }
      return staying;
    },
    launchHeld: ({ owner, template, place, step, pool, spot }) =>
      replicas.launch({ owner, template, place, reservationId: null, spot, step, tags: { Name: `${pool}-${step}`, [SERVICE_TAGS[0]]: pool, [HELD_FOR_TAG]: pool } }),
    async inspectHeld({ owner, instanceIds }) {
      const states = await Promise.all(instanceIds.map((instanceId) => stateOf(compute, instanceId)));
      const owned = (await compute.findOwned(owner)).filter(({ state }) => isAlive(state));
      return {
        lost: instanceIds.filter((_, i) => !isAlive(states[i] ?? 'terminated')),
        strays: owned.map(({ instanceId }) => instanceId).filter((instanceId) => !instanceIds.includes(instanceId)),
      };
    },
    async findHeldInstances({ owner }) {
      const owned = await compute.findOwned(owner);
      return Promise.all(owned.map(async ({ instanceId }) => ({ instanceId, targetGroups: await balancer.listingsOf(instanceId) })));
    },
  };
}

/** True for what is cancelled already, or was taken away. */
async function cancelIfLive(reservations: ReservationPort, reservationId: string): Promise<void> {
  const state = await reservations.state(reservationId);
  if (state === 'active' || state === 'pending') await reservations.cancel(reservationId);
}

function isAlive(state: string): boolean {
  return state === 'pending' || state === 'running';
}
