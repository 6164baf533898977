import { demandAt } from './load-quantile';
import type { MemberOutlook } from './routing-outlook';
import type { RoutingPolicy } from './routing-policy';

/** Members that are about to be overloaded. One that was so stays so until it is clearly calm again. */
export function findHotMembers(members: readonly MemberOutlook[], before: readonly string[], policy: RoutingPolicy): string[] {
  return members.filter((member) => useOf(member, policy) > (before.includes(member.memberId) ? policy.calmRatio : policy.overloadRatio)).map(({ memberId }) => memberId);
}

/** Load by capacity at the quantile that is believed; what can do nothing is overloaded by anything. */
export function useOf({ capacity, load, otherLoad = 0 }: MemberOutlook, { riskLevel }: RoutingPolicy): number {
  const demand = demandAt(load, riskLevel) + otherLoad;
  return capacity > 0 ? demand / capacity : demand > 0 ? Infinity : 0;
}
