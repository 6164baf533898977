import { CancellationScope } from '@temporalio/workflow';
import type { Provisioned, Replica } from '../../contracts/provision-replicas';
import { say } from '../activity-proxies';
import type { Launched } from './launch-replicas';
import type { ProvisionRun, ReplicaPlan } from './provision-run';
import type { HeldCapacity } from './reserve-replicas';

const HOUR_MS = 3_600_000;

/** From here on the replicas are the service's own, and the reservations are given back: the instances run on as On-Demand ones. */
export async function settleReplicas(run: ProvisionRun, plan: ReplicaPlan, { held, refused, complete }: HeldCapacity, { replicas, failed }: Launched): Promise<Provisioned> {
  const { owner, input, undo, story, region: { acts, undos } } = run;
  const instanceIds = replicas.map(({ instanceId }) => instanceId);
  undo.push('take the replicas back', () => say(undos.disownReplicas, 'The replicas are the request\'s again', { owner, instanceIds }));
  await CancellationScope.nonCancellable(async () => {
    await say(acts.adoptReplicas, `${instanceIds.length} replica(s) become the service's own`, { owner, instanceIds, requestId: input.requestId, digest: plan.digest });
    await say(acts.releaseReservations, 'Give the reservations back', { owner });
    // The way back ends here: what serves stays.
    undo.forget();
  });
  story.replicas = replicas;
  const usdPerHour = sumOf(replicas);
  const paidMs = replicas.reduce((sum, replica) => sum + (Date.now() - (held.find(({ zone, shape }) => zone === replica.zone && shape === replica.shape)?.atMs ?? Date.now())) * replica.usdPerHour, 0);
  return {
    kind: 'Provisioned',
    complete: complete && failed.length === 0,
    replicas,
    targetGroups: plan.targetGroups,
    cost: { usdPerHourBefore: plan.present.usdPerHour, usdPerHourAfter: plan.present.usdPerHour + usdPerHour, oneOffUsd: paidMs / HOUR_MS, usdTotal: (usdPerHour * plan.durationMs) / HOUR_MS },
    notes: [...plan.why, ...refused.map((sentence) => `no room: ${sentence}`), ...failed.map((sentence) => `did not come to serve: ${sentence}`)].slice(0, 50),
    phases: [...story.log.entries],
    request: input,
  };
}

function sumOf(replicas: readonly Replica[]): number {
  return replicas.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0);
}
