import type { RequestClass, RequestPriority, RoutedMember } from './routed-service';
import type { RoutingPolicy } from './routing-policy';
import type { ClassRouting } from './routing-recommendation';

const ORDER: readonly RequestPriority[] = ['high', 'normal', 'low'];
const LARGEST_WEIGHT = 100;

/** A member with what routed requests may bring it. */
export interface SharedMember extends RoutedMember {
  readonly hot: boolean;
  readonly leaving: boolean;
  /** Capacity that routed requests may use: the target's part of it, less what it does besides. */
  readonly usable: number;
}

/** What is left of each member's usable capacity. */
type Room = ReadonlyMap<string, number>;

export interface ClassNeeds {
  /** What each class asks for, in the members' unit. */
  readonly demands: Readonly<Record<string, number>>;
  /** What is in effect. */
  readonly before: readonly ClassRouting[];
}

/**
 * Gives the classes their members, the highest priority first: each gets of every member in proportion to the room that is left there. Low priority stays away from hot
 * members while the others have room for all of it; what finds no room anywhere is turned away, but never of high priority.
 */
export function shareClasses(classes: readonly RequestClass[], members: readonly SharedMember[], { demands, before }: ClassNeeds, policy: RoutingPolicy): ClassRouting[] {
  const room = new Map(members.map(({ memberId, usable }) => [memberId, Math.max(0, usable)]));
  const shared = new Map<string, ClassRouting>();
  for (const one of classes.toSorted((a, b) => ORDER.indexOf(a.priority) - ORDER.indexOf(b.priority))) {
    const demand = demands[one.name] ?? 0;
    const wasOnHot = members.some(({ hot, memberId }) => hot && (before.find(({ name }) => name === one.name)?.weights[memberId] ?? 0) > 0);
    const takers = takersOf(one, members, room, wasOnHot ? demand * policy.leaveHotRatio : demand, policy);
    const total = roomOf(takers, room);
    const shedRatio = one.priority === 'high' || demand <= total ? 0 : Math.min(policy.mostShedRatio, 1 - total / demand);
    const weights = weightsOf(takers, total > 0 ? (member) => room.get(member.memberId) ?? 0 : () => 1, members, policy);
    const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
    for (const [memberId, weight] of Object.entries(weights)) room.set(memberId, Math.max(0, (room.get(memberId) ?? 0) - (demand * (1 - shedRatio) * weight) / sum));
    shared.set(one.name, { name: one.name, weights, shedRatio });
  }
  return classes.flatMap(({ name }) => shared.get(name) ?? []);
}

/** Those that stay; of low priority those that are not hot, if they are enough and have room enough. All where none is left: never nobody. */
function takersOf({ access, priority }: RequestClass, members: readonly SharedMember[], room: Room, demand: number, { minimumMembers }: RoutingPolicy): readonly SharedMember[] {
  const able = access === 'write' ? members.filter(({ takesWrites }) => takesWrites !== false) : members;
  const staying = able.filter(({ leaving }) => !leaving);
  if (staying.length === 0) return able;
  const cool = staying.filter(({ hot }) => !hot);
  if (priority !== 'low' || roomOf(cool, room) < demand) return staying;
  const warm = staying.filter(({ hot }) => hot).toSorted((a, b) => (room.get(b.memberId) ?? 0) - (room.get(a.memberId) ?? 0));
  return [...cool, ...warm.slice(0, Math.max(0, minimumMembers - cool.length))];
}

function roomOf(members: readonly SharedMember[], room: Room): number {
  return members.reduce((sum, { memberId }) => sum + (room.get(memberId) ?? 0), 0);
}

/** Whole numbers of which the largest is 100; as many members as must stay get 1 at least. */
function weightsOf(takers: readonly SharedMember[], partOf: (member: SharedMember) => number, members: readonly SharedMember[], { minimumMembers }: RoutingPolicy): Record<string, number> {
  const byPart = takers.toSorted((a, b) => partOf(b) - partOf(a));
  const largest = byPart[0] === undefined ? 0 : partOf(byPart[0]);
  const weights = new Map(byPart.map((member, i) => [member.memberId, Math.max(Math.round((LARGEST_WEIGHT * partOf(member)) / largest), i < minimumMembers ? 1 : 0)]));
  return Object.fromEntries(members.map(({ memberId }) => [memberId, weights.get(memberId) ?? 0]));
}
