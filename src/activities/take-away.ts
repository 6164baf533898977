import { retryableFailure } from '../contracts/errors';
import type { OwnedResource } from '../domain/recovery/owned-resource';
import type { TrafficSight } from '../domain/recovery/traffic-sight';
import { sameWeights } from '../domain/traffic-weights';
import type { BalancerPort } from './balancer-port';
import type { ComputePort } from './compute-port';
import type { DiskPort } from './disk-port';
import type { MetricsPort } from './metrics-port';
import type { OwnedResourcePort } from './owned-resource-port';
import type { ReservationPort } from './reservation-port';

export interface TakeAwayDependencies {
  readonly owned: Pick<OwnedResourcePort, 'deleteRule'>;
  readonly compute: Pick<ComputePort, 'terminate'>;
  readonly disks: Pick<DiskPort, 'deregisterImage' | 'deleteSnapshot' | 'deleteVolume'>;
  readonly reservations: Pick<ReservationPort, 'cancel'>;
  readonly balancer: Pick<BalancerPort, 'deregister' | 'setForward' | 'readForward' | 'deleteGroup'>;
  readonly metrics: Pick<MetricsPort, 'lastRequests'>;
  /** How long a whole interval of the balancer's counts may be incomplete. */
  readonly metricsSettleMs: number;
  readonly now: () => number;
}

type TakeAway = (resource: OwnedResource, traffic: TrafficSight, sinceMs: number) => Promise<void>;

/** Takes one resource away that nothing uses. What takes several steps does the next of them and throws `NotReadyYet`. */
export function createTakeAway({ owned, compute, disks, reservations, balancer, metrics, metricsSettleMs, now }: TakeAwayDependencies): TakeAway {
  /** Out of it first, by the same steps as a move's own end: no request, no target, out of the routes, gone. */
  const endGroup = async (targetGroupArn: string, traffic: TrafficSight, sinceMs: number): Promise<void> => {
    const group = traffic.groups.find((one) => one.targetGroupArn === targetGroupArn);
    if (group === undefined) return;
    const name = group.name;
    if (group.loadBalancerArn !== null && group.members.length > 0) {
      // A weight that reads back as 0 may still be served with what it was.
      const requests = await metrics.lastRequests({ loadBalancerArn: group.loadBalancerArn, targetGroupArn }, { fromMs: sinceMs, toMs: now() - metricsSettleMs });
      if (requests === null) throw retryableFailure('NotReadyYet', `what ${name} gets is not known yet`);
      if (requests > 0) throw retryableFailure('NotReadyYet', `${name} still gets requests: ${requests} in the last interval`);
    }
    for (const { instanceId, port, state } of group.members) if (state !== 'draining') await balancer.deregister(targetGroupArn, instanceId, port);
    // It must stand in the routes until its targets have answered what they have.
    if (group.members.some(({ state }) => state !== 'unused')) throw retryableFailure('NotReadyYet', `${name} still has targets that end`);
    for (const { kind, arn, forward } of traffic.routes.filter((route) => route.forward.some((target) => target.targetGroupArn === targetGroupArn))) {
      const without = forward.filter((target) => target.targetGroupArn !== targetGroupArn);
      // Somebody may have changed the route since it was decided.
      if (!sameWeights(await balancer.readForward({ kind, arn }), forward)) throw retryableFailure('NotReadyYet', `${arn} was changed meanwhile`);
      await balancer.setForward({ kind, arn, forward: without });
      if (!sameWeights(await balancer.readForward({ kind, arn }), without)) throw retryableFailure('NotReadyYet', `${arn} does not show its new targets yet`);
    }
    await balancer.deleteGroup(targetGroupArn);
  };

  return async (resource, traffic, sinceMs) => {
    const { id } = resource;
    switch (resource.kind) {
      case 'targetGroup':
        return endGroup(id, traffic, sinceMs);
      case 'rule':
        return owned.deleteRule(id);
      case 'instance':
        if (resource.listings.length > 0) throw retryableFailure('NotReadyYet', `${id} is still a target`);
        return compute.terminate([id]);
      case 'volume':
        if (resource.attachedTo !== null) throw retryableFailure('NotReadyYet', `${id} is still attached to ${resource.attachedTo}`);
        return disks.deleteVolume(id);
      case 'image':
        return disks.deregisterImage(id);
      case 'snapshot':
        return disks.deleteSnapshot(id);
      case 'reservation':
        if (resource.used > 0) throw retryableFailure('NotReadyYet', `${id} is still in use`);
        return reservations.cancel(id);
    }
  };
}
