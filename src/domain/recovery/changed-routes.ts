import { sameWeights } from '../traffic-weights';
import type { TrafficRoute, WeightedTarget } from '../source-snapshot';
import type { TrafficSight } from './traffic-sight';

/**
 * What somebody else changed of the routes that a move took over: they must not be set to what they were before it. While the move's own groups have weight the others' are scaled, so that only whether they
 * are there tells anything.
 *
 * @param own ARNs of the groups that the move made
 */
export function changedRoutes(before: readonly TrafficRoute[], now: Pick<TrafficSight, 'routes'>, own: readonly string[]): string[] {
  return before.flatMap((route) => {
    const found = now.routes.find(({ arn }) => arn === route.arn);
    if (found === undefined) return [`${route.kind} ${route.arn}, by which the move found its traffic, is gone`];
    const others = found.forward.filter(({ targetGroupArn }) => !own.includes(targetGroupArn));
    const isShared = found.forward.some(({ targetGroupArn, weight }) => own.includes(targetGroupArn) && weight > 0);
    const same = isShared ? sameWeights(unweighted(others), unweighted(route.forward)) : sameWeights(others, route.forward);
    return same ? [] : [`${route.kind} ${route.arn} was changed since the move began: it led to ${told(route.forward)}, and leads to ${told(others)} now`];
  });
}

function unweighted(forward: readonly WeightedTarget[]): WeightedTarget[] {
  return forward.map(({ targetGroupArn }) => ({ targetGroupArn, weight: 1 }));
}

function told(forward: readonly WeightedTarget[]): string {
  return forward.map(({ targetGroupArn, weight }) => `${targetGroupArn.split('/').at(-2) ?? targetGroupArn} (weight ${weight})`).join(', ') || 'nothing';
}
