import { findHotMembers, useOf } from './find-hot-members';
import { demandAt } from './load-quantile';
import type { RoutedService } from './routed-service';
import type { RoutingOutlook } from './routing-outlook';
import type { RoutingPolicy } from './routing-policy';
import type { ClassRouting, RoutingDecision, RoutingRecommendation } from './routing-recommendation';
import { shareClasses, type SharedMember } from './share-classes';

/**
 * What should become of a service's requests over the coming minutes. Ends with the forecast at the latest, and by itself.
 * @param current what is in effect; null where requests go as without Foreshift
 */
export function recommendRouting(service: RoutedService, outlook: RoutingOutlook, current: RoutingRecommendation | null, policy: RoutingPolicy, nowMs: number): RoutingDecision {
  const untilMs = Math.min(nowMs + policy.lifeMs, outlook.atMs + outlook.horizonMs);
  if (untilMs <= nowMs) return { kind: 'release', why: ['the forecast has ended: nothing is known of what comes'] };
  const known = service.members.flatMap(({ memberId }) => outlook.members.find((one) => one.memberId === memberId) ?? []);
  const hot = findHotMembers(known, current?.hot ?? [], policy);
  const leaving = known.filter((member) => member.leaving === true).map(({ memberId }) => memberId);
  if (hot.length === 0 && leaving.length === 0) return { kind: 'release', why: [`no member comes above ${percent(policy.overloadRatio)} of its capacity`] };

  const demand = known.reduce((sum, { load }) => sum + demandAt(load, policy.riskLevel), 0);
  const members = service.members.map((member): SharedMember => {
    const seen = known.find(({ memberId }) => memberId === member.memberId);
    return { ...member, hot: hot.includes(member.memberId), leaving: leaving.includes(member.memberId), usable: seen === undefined ? 0 : seen.capacity * policy.targetRatio - (seen.otherLoad ?? 0) };
  });
  const demands = Object.fromEntries(service.classes.map(({ name }) => [name, demand * (outlook.classShares[name] ?? 0)]));
  const classes = shareClasses(service.classes, members, { demands, before: current?.classes ?? [] }, policy);
  const why = [
    ...known.filter(({ memberId }) => hot.includes(memberId)).map((member) => `${member.memberId} comes to ${percent(useOf(member, policy))} of its capacity at the ${policy.riskLevel} quantile of its forecast`),
    ...leaving.map((memberId) => `${memberId} is about to go`),
    ...classes.filter(({ shedRatio }) => shedRatio > 0).map(({ name, shedRatio }) => `${percent(shedRatio)} of ${name} find no room and are turned away`),
  ];
  const recommendation: RoutingRecommendation = { classes, untilMs, hot, leaving, why };
  return current !== null && isSame(current, recommendation, policy)
    ? { kind: 'route', recommendation: { ...current, untilMs, why }, changed: false }
    : { kind: 'route', recommendation, changed: true };
}

/** The same members are hot and leave, and no weight or part changes by what is worth a change. */
function isSame(a: RoutingRecommendation, b: RoutingRecommendation, policy: RoutingPolicy): boolean {
  return a.hot.join() === b.hot.join() && a.leaving.join() === b.leaving.join() && a.classes.length === b.classes.length && b.classes.every((one) => isNear(a.classes.find(({ name }) => name === one.name), one, policy));
}

function isNear(a: ClassRouting | undefined, b: ClassRouting, { leastWeightChange, leastShedChange }: RoutingPolicy): boolean {
  if (a === undefined || Math.abs(a.shedRatio - b.shedRatio) >= leastShedChange) return false;
  return Object.entries(b.weights).every(([memberId, weight]) => {
    const before = a.weights[memberId];
    return before !== undefined && (before === 0) === (weight === 0) && Math.abs(before - weight) < leastWeightChange;
  });
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
