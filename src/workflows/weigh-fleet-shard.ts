import { proxyActivities } from '@temporalio/workflow';
import type { PlanActivities, WeighShardInput } from '../contracts/shape-fleet';

const { weighShard } = proxyActivities<PlanActivities>({
  startToCloseTimeout: '15m',
  scheduleToCloseTimeout: '30m',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', maximumInterval: '15s' },
});

/** One shard of a control tick, as a workflow of its own: a large fleet's tick stays a short history. */
export async function weighFleetShard(input: WeighShardInput): Promise<number> {
  return (await weighShard(input)).weighed;
}
