import type { TargetGroupRef } from '../contracts/provision-replicas';
import { say } from './activity-proxies';
import { acts, undos } from './capacity-proxies';
import type { CapacityProxy } from './capacity-proxies';

/** Waits until a launched instance runs and passes its checks, registers it, and waits until it serves. */
export async function bringIntoService(waiting: CapacityProxy, instanceId: string, targetGroups: readonly TargetGroupRef[]): Promise<void> {
  await say(waiting.awaitInstanceRunning, `Wait until ${instanceId} runs`, { instanceId });
  await say(waiting.awaitInstanceHealthy, `Instance checks of ${instanceId}`, { instanceId });
  for (const { targetGroupArn, port } of targetGroups) {
    await say(acts.registerTarget, `Register ${instanceId}`, { targetGroupArn, instanceId, port });
    await say(waiting.awaitTargetHealthy, `Target health of ${instanceId}`, { targetGroupArn, instanceId, port });
  }
}

/** Takes instances out of their groups, lets their requests end, and ends them. */
export async function retireReplicas(instanceIds: readonly string[], targetGroups: readonly TargetGroupRef[]): Promise<void> {
  if (instanceIds.length === 0) return;
  await say(undos.deregisterReplicas, `Take ${instanceIds.length} instance(s) out of their groups`, { instanceIds, targetGroups });
  const targets = targetGroups.flatMap(({ targetGroupArn, port }) => instanceIds.map((instanceId) => ({ targetGroupArn, instanceId, port })));
  await Promise.all(targets.map((target) => say(undos.awaitTargetDrained, `Wait until no request is left on ${target.instanceId}`, target)));
  await say(undos.terminateReplicas, `Terminate ${instanceIds.length} instance(s)`, { instanceIds });
}
