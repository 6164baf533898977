/** A target group's entry of an instance. `weight`: of all routes that lead to the group, together; `owner`: the workflow that made the group, null for an operator's own. */
export interface Listing {
  readonly targetGroupArn: string;
  /** ELBv2's state: initial, healthy, unhealthy, unused, draining, unavailable. */
  readonly state: string;
  readonly weight: number;
  readonly owner: string | null;
}

interface Tagged {
  /** AWS's id, or ARN of a target group or a rule. */
  readonly id: string;
  /** Values of the tags `foreshift:owner`, `foreshift:run` and `foreshift:role`. */
  readonly owner: string;
  readonly runId: string;
  readonly role: string;
  /** AWS's own word. */
  readonly state: string;
  /** Null where AWS does not tell. */
  readonly createdAtMs: number | null;
}

/** Something in AWS that a workflow created and that carries its tags, with what uses it now. */
export type OwnedResource =
  | (Tagged & { readonly kind: 'instance'; readonly listings: readonly Listing[]; readonly reservationId: string | null })
  /** `used`: instances in it. `isCommitted`: ordered for a later date, and not to be cancelled. */
  | (Tagged & { readonly kind: 'reservation'; readonly used: number; readonly isCommitted: boolean })
  | (Tagged & { readonly kind: 'image' })
  | (Tagged & { readonly kind: 'snapshot' })
  | (Tagged & { readonly kind: 'volume'; readonly attachedTo: string | null })
  | (Tagged & { readonly kind: 'targetGroup'; readonly weight: number })
  /** `weight`: of all groups that it forwards to, together. */
  | (Tagged & { readonly kind: 'rule'; readonly weight: number });

export type ResourceKind = OwnedResource['kind'];

/** Names one, as it crosses a boundary. */
export interface ResourceRef {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly owner: string;
  readonly runId: string;
}

/** The run that a resource belongs to, as a key. */
export function runKey({ owner, runId }: Pick<ResourceRef, 'owner' | 'runId'>): string {
  return `${owner} ${runId}`;
}

const NAMES: Readonly<Record<ResourceKind, string>> = { instance: 'instance', reservation: 'capacity reservation', image: 'image', snapshot: 'snapshot', volume: 'volume', targetGroup: 'target group', rule: 'listener rule' };

/** For a reader: `target group fs-shadow-.../73e2d6bc`. */
export function describeResource({ kind, id }: Pick<ResourceRef, 'kind' | 'id'>): string {
  return `${NAMES[kind]} ${id.startsWith('arn:') ? id.split('/').slice(-2).join('/') : id}`;
}
