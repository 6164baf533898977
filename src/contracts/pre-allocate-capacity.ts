import type { ResourceDemand } from '../domain/shapes/shape-demand';
import type { FutureOrder } from '../domain/capacity/future-dated';
import type { HoldMeans } from '../domain/capacity/hold-means';
import type { HoldReport } from '../domain/capacity/hold-report';
import type { HoldPhase } from '../domain/capacity/hold-phase';
import type { CapacityNeed, ReplicaTemplate } from './provision-replicas';

export const PRE_ALLOCATE_CAPACITY = 'preAllocateCapacity';

/** Names of its messages. `handOver` gives a held reservation to who needs it now, `release` ends the hold, `status` shows it. */
export const HOLD_MESSAGES = { handOver: 'handOver', release: 'release', status: 'status' } as const;

/**
 * Input of `preAllocateCapacity`: `pool` and `window` are required. What is held is the upper quantile of the pool's demand in the window less
 * what the pool has. The first of `zones` is the target; the others are fall-backs.
 */
export interface PreAllocateInput extends Omit<CapacityNeed, 'service'> {
  /** The service whose demand it is. */
  readonly pool: string;
  /** An ISO 8601 interval: "2026-11-26T10:00:00Z/2026-11-26T12:00:00Z". */
  readonly window: string;
  /** Returns what would be held, when and for how much; reserves nothing. */
  readonly dryRun?: boolean;
  /** Where the pool has no running instance: tells network and architecture. */
  readonly template?: ReplicaTemplate;
  /** How long before the need capacity is reserved; default 30 minutes. */
  readonly leadMs?: number;
  /** How often the forecast is made anew; default 5 minutes. */
  readonly refreshMs?: number;
  /** At most so many instances' worth; default 20. */
  readonly maximum?: number;
  /** How capacity may be had, tried in this order; default: reservations alone, or, where a group is named, that group alone. What is launched runs and serves until the hold ends. */
  readonly means?: readonly HoldMeans[];
  /** The Auto Scaling group whose desired capacity is raised. */
  readonly autoScalingGroup?: string;
  /** Orders the reservation for a later date, 5 to 120 days ahead, as soon as the hold begins; needs `demand`, since no forecast reaches that far. */
  readonly futureDated?: boolean;
  /** For how many days it is committed to; default 14. */
  readonly commitmentDays?: number;
  /** The commitment's sum in USD that is accepted; without it, or below it, nothing is ordered. */
  readonly acceptCommitmentUsd?: number;
}

/** One instance's worth of capacity that is, or was, held. */
export interface HeldCapacity {
  /**
   * `committed`: a place in a reservation that was ordered for a later date; it cannot be given back. `group`: one more of an Auto Scaling group's desired capacity; `instance`: launched
   * for the hold; both run and serve.
   */
  readonly kind: 'reservation' | 'committed' | 'group' | 'instance';
  /** `cr-...`, `cr-...` and a number, `i-...`, or the group's name and a number. */
  readonly id: string;
  /** All of a group's. */
  readonly zone: string;
  readonly shape: string;
  readonly usdPerHour: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** What the best shape in the target zone would have cost for it. */
  readonly bestUsdPerHour: number;
  readonly sinceMs: number;
  /** Which rung of the ladder: `best`, `other shape`, `other zone`, `auto-scaling`, `launch`, or `spot`, which EC2 may take away at any time. */
  readonly rung: string;
}

export interface HandOver {
  readonly claimId: string;
  readonly by: string;
  readonly atMs: number;
  readonly reservation: HeldCapacity;
  /** Whether the place had no room left for one more when it was handed over; null: not looked yet. */
  readonly wouldHaveFailed: boolean | null;
}

export interface HandOverArgs {
  /** The same claim gets the same reservation. */
  readonly claimId: string;
  readonly by: string;
  readonly zone: string;
  readonly shape: string;
}

export interface CapacityNeedNow {
  /** When the pool's demand first goes beyond what it has; null: it does not. */
  readonly needFromMs: number | null;
  /** What goes beyond, at its highest. */
  readonly shortfall: ResourceDemand;
  readonly why: readonly string[];
}

export interface ScheduledRaise {
  readonly atMs: number;
  readonly by: number;
}

/** What a hold was expected to cost when it began: an hour, and until its window ends. */
export interface HoldCost {
  readonly usdPerHour: number;
  readonly holdUsd: number;
  /** What is paid in any case once EC2 has agreed to an order, and the sentence that says so; null: nothing is ordered. */
  readonly commitment: { readonly usd: number; readonly warning: string } | null;
}

/** A reservation that was ordered for a later date. */
export interface PlacedOrder extends FutureOrder {
  readonly reservationId: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** EC2's state name: assessing, scheduled, pending, delayed, active, unsupported, failed, cancelled, expired. */
  readonly state: string;
}

/** Answer of the `status` query. */
export interface HoldStatus {
  readonly pool: string;
  readonly window: string;
  readonly phase: HoldPhase;
  readonly need: CapacityNeedNow | null;
  /** When capacity will be reserved; null: it is, or nothing is needed. */
  readonly reserveAtMs: number | null;
  readonly held: readonly HeldCapacity[];
  /** A raise of the group that AWS will make should no worker be there by then. */
  readonly scheduled: ScheduledRaise | null;
  readonly handedOver: readonly HandOver[];
  readonly planned: HoldCost | null;
  readonly order: PlacedOrder | null;
  readonly report: HoldReport;
  /** The last refusals, at most 20. */
  readonly refused: readonly string[];
  readonly left: readonly string[];
}

export type PreAllocateResult =
  | ({ readonly kind: 'Planned'; readonly need: CapacityNeedNow; readonly reserveAtMs: number | null; readonly places: readonly string[] } & HoldCost)
  | { readonly kind: 'Ended'; readonly reason: string; readonly handedOver: readonly HandOver[]; readonly planned: HoldCost | null; readonly order: PlacedOrder | null; readonly report: HoldReport; readonly refused: readonly string[] }
  | { readonly kind: 'Refused'; readonly error: string; readonly reasons: readonly string[] }
  | { readonly kind: 'NeedsOperator'; readonly reasons: readonly string[]; readonly left: readonly string[]; readonly report: HoldReport };
