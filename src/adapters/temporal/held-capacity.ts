import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { HeldCapacityPort } from '../../activities/held-capacity-port';
import type { ReservationRef } from '../../contracts/migrate-instance';
import { HOLD_MESSAGES, type HandOverArgs } from '../../contracts/pre-allocate-capacity';

/** Workflows that hold a live reservation for a pool in a place, as the cloud's own tags tell. */
export type FindHolders = (pool: string, zone: string, shape: string) => Promise<readonly string[]>;

/** Asks the workflows that hold capacity for it, one after the other: each gives every reservation away once. */
export function createHeldCapacity(client: () => Client, findHolders: FindHolders): HeldCapacityPort {
  return {
    async claim({ pool, zone, shape, ...args }) {
      for (const workflowId of await findHolders(pool, zone, shape)) {
        const given = await ask(client(), workflowId, { ...args, zone, shape });
        if (given !== null) return given;
      }
      return null;
    },
  };
}

/** A hold that has just ended has nothing to give. */
async function ask(client: Client, workflowId: string, args: HandOverArgs): Promise<ReservationRef | null> {
  try {
    return await client.workflow.getHandle(workflowId).executeUpdate<ReservationRef | null, [HandOverArgs]>(HOLD_MESSAGES.handOver, { args: [args] });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) return null;
    throw error;
  }
}
