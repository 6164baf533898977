import { isCancellation } from '@temporalio/workflow';
import type { Replica } from '../../contracts/provision-replicas';
import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import type { ProvisionRun, ReplicaPlan } from './provision-run';
import type { HeldPlace } from './reserve-replicas';

export interface Launched {
  readonly replicas: readonly Replica[];
  /** One sentence for each place whose instance did not come to serve; it is gone again. */
  readonly failed: readonly string[];
}

/** Launches an instance into each reservation and waits until each serves: checks, then target health. The undo stands already. */
export async function launchReplicas(run: ProvisionRun, plan: ReplicaPlan, held: readonly HeldPlace[]): Promise<Launched> {
  const registered: string[] = [];
  run.undo.push('take the replicas out of their groups', () => drainReplicas(run, registered, plan.targetGroups));
  // All of them end before any of it is undone: an undo must not run beside its own act.
  const settled = await Promise.allSettled(held.map((place) => launchOne(run, plan, place, registered)));
  const outcomes = settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const replicas = outcomes.flatMap((outcome) => (typeof outcome === 'string' ? [] : [outcome]));
  return { replicas, failed: outcomes.filter((outcome) => typeof outcome === 'string') };
}

async function launchOne(run: ProvisionRun, plan: ReplicaPlan, place: HeldPlace, registered: string[]): Promise<Replica | string> {
  const { owner, input, story, policy, region: { acts, waits } } = run;
  const waiting = waits(policy.pollMs);
  const { shape, zone, subnetId, usdPerHour, reservation } = place;
  let instanceId: string | null = null;
  try {
    ({ instanceId } = await say(acts.launchReplica, `Launch ${shape} in ${zone}`, { owner, template: input.template, place: { zone, subnetId, shape }, reservation, service: plan.service }));
    await say(waiting.awaitInstanceRunning, `Wait until ${instanceId} runs`, { instanceId });
    await say(waiting.awaitInstanceHealthy, `Instance checks of ${instanceId}`, { instanceId });
    registered.push(instanceId);
    for (const { targetGroupArn, port } of plan.targetGroups) {
      await say(acts.registerTarget, `Register ${instanceId}`, { targetGroupArn, instanceId, port });
      await say(waiting.awaitTargetHealthy, `Target health of ${instanceId}`, { targetGroupArn, instanceId, port });
    }
    return { instanceId, zone, shape, usdPerHour };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const sentence = `${instanceId ?? shape} in ${zone}: ${sentenceOf(error)}`;
    await story.trail.record('failure', 'a replica did not come to serve', { reason: sentence, detail: place });
    // What failed must not stay beside what serves. Where even that fails, all of it goes back.
    if (instanceId !== null) await retireReplicas(run, [instanceId], plan.targetGroups);
    return sentence;
  }
}

/** Takes instances out of their groups, lets their requests end, and ends them. */
export async function retireReplicas(run: Pick<ProvisionRun, 'region'>, instanceIds: readonly string[], targetGroups: ReplicaPlan['targetGroups']): Promise<void> {
  if (instanceIds.length === 0) return;
  await drainReplicas(run, instanceIds, targetGroups);
  await say(run.region.undos.terminateReplicas, `Terminate ${instanceIds.length} instance(s)`, { instanceIds });
}

/** Takes instances out of their groups and lets their requests end. Nothing for what never was in one. */
export async function drainReplicas({ region: { undos } }: Pick<ProvisionRun, 'region'>, instanceIds: readonly string[], targetGroups: ReplicaPlan['targetGroups']): Promise<void> {
  if (instanceIds.length === 0 || targetGroups.length === 0) return;
  await say(undos.deregisterReplicas, `Take ${instanceIds.length} instance(s) out of their groups`, { instanceIds, targetGroups });
  const targets = targetGroups.flatMap(({ targetGroupArn, port }) => instanceIds.map((instanceId) => ({ targetGroupArn, instanceId, port })));
  await Promise.all(targets.map((target) => say(undos.awaitTargetDrained, `Wait until no request is left on ${target.instanceId}`, target)));
}
