import { retryableFailure } from '../contracts/errors';
import type { MigrationActivities } from '../contracts/migration-activities';
import { observeInterval } from '../domain/judge/observe-interval';
import { verdictOf } from '../domain/judge/verdict-of';
import { sameWeights } from '../domain/traffic-weights';
import type { BalancerPort } from './balancer-port';
import type { MetricsPort } from './metrics-port';

type TrafficActivities = Pick<
  MigrationActivities,
  'createRampGroups' | 'registerTarget' | 'deregisterTarget' | 'awaitTargetHealthy' | 'awaitTargetDrained' | 'awaitGroupQuiet' | 'setWeights' | 'judgeTraffic' | 'deleteRampGroups'
>;

/** Weights, targets and what the balancer measures. */
export function createTrafficActivities(balancer: BalancerPort, metrics: MetricsPort): TrafficActivities {
  return {
    async createRampGroups({ owner, traffic }) {
      return {
        sourceGroupArn: await balancer.copyGroup(owner, traffic.targetGroupArn, 'source'),
        shadowGroupArn: await balancer.copyGroup(owner, traffic.targetGroupArn, 'shadow'),
      };
    },
    async registerTarget({ targetGroupArn, instanceId, port }) {
      await balancer.register(targetGroupArn, instanceId, port);
    },
    async deregisterTarget({ targetGroupArn, instanceId, port }) {
      await balancer.deregister(targetGroupArn, instanceId, port);
    },
    async awaitTargetHealthy({ targetGroupArn, instanceId }) {
      const health = await balancer.health(targetGroupArn, instanceId);
      if (health === null) throw retryableFailure('NotReadyYet', `${instanceId} is not registered yet`);
      if (health.state !== 'healthy') throw retryableFailure('NotReadyYet', `${instanceId} is ${health.state}: ${health.reason}`);
    },
    async awaitTargetDrained({ targetGroupArn, instanceId }) {
      const health = await balancer.health(targetGroupArn, instanceId);
      if (health !== null && health.state !== 'unused') throw retryableFailure('NotReadyYet', `${instanceId} is ${health.state}: ${health.reason}`);
    },
    async awaitGroupQuiet({ loadBalancerArn, targetGroupArn, sinceMs, settleMs }) {
      const requests = await metrics.lastRequests({ loadBalancerArn, targetGroupArn }, { fromMs: sinceMs, toMs: Date.now() - settleMs });
      if (requests === null) throw retryableFailure('NotReadyYet', `what ${targetGroupArn} gets since its weight is 0 is not known yet`);
      if (requests > 0) throw retryableFailure('NotReadyYet', `${targetGroupArn} still gets requests: ${requests} in the last interval`);
    },
    async setWeights({ routes }) {
      for (const route of routes) {
        await balancer.setForward(route);
        const found = await balancer.readForward(route);
        // A weight that was accepted is not yet a weight that is served: set again until it reads back as intended.
        if (!sameWeights(found, route.forward)) throw retryableFailure('NotReadyYet', `${route.arn} does not show the weights yet`);
      }
    },
    async judgeTraffic({ traffic: { loadBalancerArn }, groups, state, untilMs, windowMs, gate }) {
      const [intervals, latencies] = await Promise.all([
        metrics.trafficIntervals({ loadBalancerArn, ...groups }, { fromMs: state.seenUntilMs, toMs: untilMs }, state.thresholds),
        // A source that takes nothing any more has no latencies to follow.
        state.besideSource ? metrics.latencyQuantiles({ loadBalancerArn, targetGroupArn: groups.sourceGroupArn }, { fromMs: untilMs - windowMs, toMs: untilMs }) : null,
      ]);
      const judged = intervals.reduce((before, interval) => observeInterval(before, interval, gate), state);
      return { state: judged, verdict: verdictOf(judged, gate), latencies };
    },
    async deleteRampGroups({ owner }) {
      for (const group of await balancer.findOwnedGroups(owner)) {
        for (const target of await balancer.targets(group)) await balancer.deregister(group, target.instanceId, target.port);
        await balancer.deleteGroup(group);
      }
    },
  };
}
