import type { QueueStatus } from '../contracts/migration-queue';
import type { HoldStatus } from '../contracts/pre-allocate-capacity';
import type { ProvisionStatus } from '../contracts/provision-replicas';
import type { NamedShape } from '../domain/shapes/named-shape';

/** A workflow's own answer, and where it is in the Temporal UI. */
export interface Linked<Status> {
  readonly status: Status;
  readonly temporalUrl: string | null;
}

export interface CapacityView {
  readonly holds: readonly Linked<HoldStatus>[];
  readonly replicas: readonly Linked<ProvisionStatus>[];
  /** Workflows that did not answer. */
  readonly silent: readonly string[];
}

export interface QueuesView {
  readonly queues: readonly Linked<QueueStatus>[];
  readonly silent: readonly string[];
}

/** Shapes made for what a fleet asked for. */
export interface SuggestionsView {
  readonly shapes: readonly { readonly shape: NamedShape; readonly members: readonly string[]; readonly usdPerHourBefore: number; readonly usdPerHourAfter: number }[];
  readonly left: readonly { readonly id: string; readonly reason: string }[];
  readonly notes: readonly string[];
}
