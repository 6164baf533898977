import type { TargetGroupRef } from '../contracts/provision-replicas';
import { say } from './activity-proxies';
import type { RegionProxies } from './capacity-proxies';

/** The region in which instances are, and how often their state is asked for. */
export interface ServingAt {
  readonly region: Pick<RegionProxies, 'acts' | 'undos' | 'waits'>;
  readonly pollMs: number;
}

/**
 * Waits until a launched instance runs and passes its checks, registers it, and waits until it serves.
 *
 * @param beforeRegistered the moment to note the way back from its groups
 */
export async function bringIntoService({ region: { acts, waits }, pollMs }: ServingAt, instanceId: string, targetGroups: readonly TargetGroupRef[], beforeRegistered: () => void = () => undefined): Promise<void> {
  const waiting = waits(pollMs);
  await say(waiting.awaitInstanceRunning, `Wait until ${instanceId} runs`, { instanceId });
  await say(waiting.awaitInstanceHealthy, `Instance checks of ${instanceId}`, { instanceId });
  beforeRegistered();
  for (const { targetGroupArn, port } of targetGroups) {
    await say(acts.registerTarget, `Register ${instanceId}`, { targetGroupArn, instanceId, port });
    await say(waiting.awaitTargetHealthy, `Target health of ${instanceId}`, { targetGroupArn, instanceId, port });
  }
}

/** Takes instances out of their groups, lets their requests end, and ends them. */
export async function retireReplicas(at: Pick<ServingAt, 'region'>, instanceIds: readonly string[], targetGroups: readonly TargetGroupRef[]): Promise<void> {
  if (instanceIds.length === 0) return;
  await drainReplicas(at, instanceIds, targetGroups);
  await say(at.region.undos.terminateReplicas, `Terminate ${instanceIds.length} instance(s)`, { instanceIds });
}

/** Takes instances out of their groups and lets their requests end. Nothing for what never was in one. */
export async function drainReplicas({ region: { undos } }: Pick<ServingAt, 'region'>, instanceIds: readonly string[], targetGroups: readonly TargetGroupRef[]): Promise<void> {
  if (instanceIds.length === 0 || targetGroups.length === 0) return;
  await say(undos.deregisterReplicas, `Take ${instanceIds.length} instance(s) out of their groups`, { instanceIds, targetGroups });
  const targets = targetGroups.flatMap(({ targetGroupArn, port }) => instanceIds.map((instanceId) => ({ targetGroupArn, instanceId, port })));
  await Promise.all(targets.map((target) => say(undos.awaitTargetDrained, `Wait until no request is left on ${target.instanceId}`, target)));
}
