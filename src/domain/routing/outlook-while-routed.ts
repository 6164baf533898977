import { demandAt } from './load-quantile';
import type { RoutingOutlook } from './routing-outlook';

/**
 * What is forecast while requests are routed. Routing moves load and makes none, and what it took from a member must not look as if that were calm: how the load is shared without
 * routing stays as it was forecast before, for as long as that forecast reaches, and only how much there is of it follows the newer one.
 * @param before the forecast that the routing began with; null where it is not routed
 */
export function outlookWhileRouted(before: RoutingOutlook | null, now: RoutingOutlook, level: number): RoutingOutlook {
  if (before === null || before.atMs + before.horizonMs <= now.atMs) return now;
  const [was, is] = [before, now].map(({ members }) => members.reduce((sum, { load }) => sum + demandAt(load, level), 0)) as [number, number];
  const growth = was > 0 ? Math.max(1, is / was) : 1;
  const earlier = new Map(before.members.map((member) => [member.memberId, member]));
  return {
    ...now,
    members: now.members.map((member) => {
      const known = earlier.get(member.memberId);
      return known === undefined ? member : { ...member, load: known.load.map((one) => ({ ...one, value: one.value * growth })) };
    }),
  };
}
