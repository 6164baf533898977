import type { Replacement } from '../domain/capacity/note-replacements';
import type { ProvisionPhase } from '../domain/capacity/provision-phase';
import type { ResourceDemand } from '../domain/shapes/shape-demand';

export const PROVISION_REPLICAS = 'provisionReplicas';

/**
 * Names of its messages. `accept` is the early answer (update with start), `settle` the final one while the replicas are kept,
 * `release` gives everything back, `status` shows how far it is.
 */
export const PROVISION_MESSAGES = { accept: 'accept', settle: 'settle', release: 'release', status: 'status' } as const;

/** What instances are launched from: a running instance's image, user data, profile, key, groups, tags and data volumes (blank), or a launch template's. Exactly one of both. */
export interface ReplicaTemplate {
  readonly instanceId?: string;
  readonly launchTemplateId?: string;
  /** Default: `$Default`. */
  readonly launchTemplateVersion?: string;
  /** Instead of the template's own. */
  readonly imageId?: string;
}

export interface TargetGroupRef {
  readonly targetGroupArn: string;
  readonly port: number;
}

/** What capacity is wanted for and what may be bought for it. */
export interface CapacityNeed {
  /** Whose forecasts tell the demand; default: the template's service. */
  readonly service?: string;
  /** Instead of a forecast; `average` is the peak where it is left out. */
  readonly demand?: { readonly peak: ResourceDemand; readonly average?: ResourceDemand };
  /** Zones to use; default: all of the network's. */
  readonly zones?: readonly string[];
  /** Whose zones, template, service and capacity are meant; default: the workers' own. Another one's workers act there; the request stays this one workflow. */
  readonly region?: string;
  /** 0: the cheapest; 1: the fastest. Default 0.3. */
  readonly tradeoff?: number;
  /** Part of a shape that the demand's peak may use; default 0.7. */
  readonly targetUtilizationRatio?: number;
  /** Of the forecast; default 0.9. */
  readonly quantile?: number;
  readonly constraints?: { readonly allow?: readonly string[]; readonly deny?: readonly string[]; readonly families?: readonly string[]; readonly burstableAllowed?: boolean };
  /** What everything together may cost; beyond it: `BudgetExceeded`. */
  readonly budget?: { readonly maximumUsdPerHour?: number; readonly maximumUsdTotal?: number };
  readonly reason?: string;
}

/** Input of `provisionReplicas`: one plain JSON object; `requestId` and `template` are required. */
export interface ProvisionReplicasInput extends CapacityNeed {
  /** The same id is the same request: it is answered once. */
  readonly requestId: string;
  readonly template: ReplicaTemplate;
  /** So many; default: as many as are best, from `minimum` to `maximum`. */
  readonly count?: number;
  /** Fewer than these are given back and refused; default 1. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** How long they are wanted, for forecast and cost; default a day. */
  readonly durationMs?: number;
  /** Where they are registered; default: where the template instance is. */
  readonly targetGroups?: readonly TargetGroupRef[];
  /** Replaces replicas that fail, elsewhere where their zone is gone, until `release`. */
  readonly keep?: boolean;
}

export interface Replica {
  readonly instanceId: string;
  readonly zone: string;
  readonly shape: string;
  readonly usdPerHour: number;
}

/** USD an hour are of everything that the service has in the locality; the one-off cost is what was paid before the replicas served. */
export interface ProvisionCost {
  readonly usdPerHourBefore: number;
  readonly usdPerHourAfter: number;
  readonly oneOffUsd: number;
  /** Of the replicas over the wanted duration. */
  readonly usdTotal: number;
}

/** The early answer. */
export type ProvisionAcceptance =
  | { readonly accepted: true; readonly requestId: string; readonly shape: string; readonly count: number; readonly usdPerHour: number; readonly expectedReadyAtMs: number; readonly why: string }
  | { readonly accepted: false; readonly requestId: string; readonly error: string; readonly reasons: readonly string[] };

interface Ended {
  /** As it was asked: whoever asks under the same id can see whether it is the same. */
  readonly request: ProvisionReplicasInput;
}

export interface Provisioned extends Ended {
  readonly kind: 'Provisioned';
  /** False where fewer than were chosen could be had, and the minimum allows that. */
  readonly complete: boolean;
  readonly replicas: readonly Replica[];
  readonly targetGroups: readonly TargetGroupRef[];
  readonly cost: ProvisionCost;
  readonly notes: readonly string[];
  readonly phases: readonly ProvisionPhaseRecord[];
}

/** How it ended. */
export type ProvisionReplicasResult =
  | Provisioned
  | ({ readonly kind: 'Released'; readonly instanceIds: readonly string[]; readonly replaced: number; readonly reason: string } & Ended)
  | ({ readonly kind: 'Refused'; readonly error: string; readonly reasons: readonly string[] } & Ended)
  | ({ readonly kind: 'RolledBack'; readonly phase: ProvisionPhase; readonly reasons: readonly string[]; readonly phases: readonly ProvisionPhaseRecord[] } & Ended)
  | ({ readonly kind: 'NeedsOperator'; readonly phase: ProvisionPhase; readonly reasons: readonly string[]; readonly left: readonly string[]; readonly phases: readonly ProvisionPhaseRecord[] } & Ended);

export interface ProvisionPhaseRecord {
  readonly phase: ProvisionPhase;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly note?: string;
}

/** Answer of the `status` query. */
export interface ProvisionStatus {
  readonly requestId: string;
  readonly phase: ProvisionPhase | 'done';
  readonly outcome: ProvisionReplicasResult['kind'] | null;
  readonly acceptance: ProvisionAcceptance | null;
  readonly replicas: readonly Replica[];
  /** Replacements since the replicas are kept, newest last, at most 20. */
  readonly replacements: readonly Replacement[];
  readonly phases: readonly ProvisionPhaseRecord[];
  readonly undo: readonly string[];
  readonly left: readonly string[];
}

export interface ReleaseArgs {
  readonly reason?: string;
  readonly by?: string;
}
