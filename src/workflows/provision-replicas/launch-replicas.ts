import { isCancellation, patched } from '@temporalio/workflow';
import type { Replica } from '../../contracts/provision-replicas';
import { say } from '../activity-proxies';
import { bringIntoService, drainReplicas, retireReplicas } from '../bring-into-service';
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
  // What may still be asked is not to be ended. Older histories went on.
  run.undo.push('take the replicas out of their groups', () => drainReplicas(run, registered, plan.targetGroups), { guards: patched('drain-guards') });
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
  const { owner, input, story, policy, region: { acts } } = run;
  const { shape, zone, subnetId, usdPerHour, reservation } = place;
  let instanceId: string | null = null;
  try {
    const launched = await say(acts.launchReplica, `Launch ${shape} in ${zone}`, { owner, template: input.template, place: { zone, subnetId, shape }, reservation, service: plan.service });
    instanceId = launched.instanceId;
    await bringIntoService({ region: run.region, pollMs: policy.pollMs }, instanceId, plan.targetGroups, () => registered.push(launched.instanceId));
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
