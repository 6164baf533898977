import type { EarlierLeft } from '../../contracts/capacity-activities';
import type { Provisioned, Replica } from '../../contracts/provision-replicas';
import { everyRunOf } from '../../contracts/workflow-ids';
import { say } from '../activity-proxies';
import { drainReplicas } from '../bring-into-service';
import type { ProvisionRun, ReplicaPlan } from './provision-run';

/**
 * A run that was terminated undid nothing. The id is the lock, so that no other run of it is under way: what it was making the service's own is
 * made so, the rest is given back before anything new is begun. Returns a sentence for the answer.
 */
export async function giveBackEarlier({ owner, input, story, region }: ProvisionRun, plan: ReplicaPlan, adopted: readonly Replica[], { instanceIds, reservationIds }: EarlierLeft): Promise<readonly string[]> {
  const { acts, undos } = region;
  const everyRun = everyRunOf(owner.workflowId);
  const ours = adopted.map(({ instanceId }) => instanceId).filter((id) => instanceIds.includes(id));
  const rest = instanceIds.filter((id) => !ours.includes(id));
  const sentence = `an earlier run of this request had left ${[...rest, ...reservationIds].join(', ')}: given back`;
  await story.trail.record('decision', 'what an earlier run left is given back', { reason: sentence, detail: { rest, reservationIds, ours } });
  if (ours.length > 0) await say(acts.adoptReplicas, `${ours.length} replica(s) become the service's own`, { owner: everyRun, instanceIds: ours, requestId: input.requestId, digest: plan.digest });
  await drainReplicas({ region }, rest, plan.targetGroups);
  await say(undos.terminateShadows, 'Terminate what an earlier run left', { owner: everyRun });
  await say(undos.releaseReservations, 'Give back the reservations of an earlier run', { owner: everyRun });
  return [sentence];
}

/** The answer of a request that was carried out before: what of it still runs. Nothing is created. */
export function answerAgain({ input, story, desk }: ProvisionRun, replicas: readonly Replica[], plan: ReplicaPlan | null, notes: readonly string[]): Provisioned {
  const usdPerHour = replicas.reduce((sum, replica) => sum + replica.usdPerHour, 0);
  desk.acceptance = { accepted: true, requestId: input.requestId, shape: replicas[0]?.shape ?? '', count: replicas.length, usdPerHour, expectedReadyAtMs: Date.now(), why: 'this request was carried out before' };
  story.replicas = replicas;
  return {
    kind: 'Provisioned',
    complete: replicas.length >= (input.count ?? input.minimum ?? 1),
    replicas,
    targetGroups: plan?.targetGroups ?? input.targetGroups ?? [],
    cost: { usdPerHourBefore: usdPerHour, usdPerHourAfter: usdPerHour, oneOffUsd: 0, usdTotal: 0 },
    notes: ['this request was carried out before: nothing was created', ...notes],
    phases: [...story.log.entries],
    request: input,
  };
}
