import type { Listing, OwnedResource } from './owned-resource';
import { weightOf, type TrafficSight } from './traffic-sight';

type WithoutListings<T> = T extends { readonly kind: 'instance' } ? Omit<T, 'listings'> : T;

/** What EC2 has with an owner's tags. */
export type OwnedInEc2 = WithoutListings<Exclude<OwnedResource, { kind: 'targetGroup' | 'rule' }>>;

/** Joins what carries an owner's tags with the traffic that it gets. */
export function resourcesOf(inEc2: readonly OwnedInEc2[], traffic: TrafficSight): OwnedResource[] {
  const groups = traffic.groups.flatMap(({ targetGroupArn: id, owner, runId, role }): OwnedResource[] =>
    owner === null ? [] : [{ kind: 'targetGroup', id, owner, runId: runId ?? '', role: role ?? '', state: 'active', createdAtMs: null, weight: weightOf(traffic, id) }],
  );
  const rules = traffic.routes.flatMap(({ kind, arn: id, owner, runId, role, forward }): OwnedResource[] =>
    owner === null || kind === 'listener' ? [] : [{ kind: 'rule', id, owner, runId: runId ?? '', role: role ?? '', state: 'active', createdAtMs: null, weight: forward.reduce((sum, { weight }) => sum + weight, 0) }],
  );
  const others = inEc2.map((resource): OwnedResource => (resource.kind === 'instance' ? { ...resource, listings: listingsOf(traffic, resource.id) } : resource));
  return [...others, ...groups, ...rules];
}

/** The target groups that list an instance. */
export function listingsOf(traffic: TrafficSight, instanceId: string): readonly Listing[] {
  return traffic.groups.flatMap(({ targetGroupArn, owner, members }) =>
    members.filter((member) => member.instanceId === instanceId).map(({ state }) => ({ targetGroupArn, state, weight: weightOf(traffic, targetGroupArn), owner })),
  );
}
