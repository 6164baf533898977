import type { SlaClass } from '../queue/move-request';

/** What a move is for: a larger shape before overload, a smaller one to save, or another pool because this one runs out or shall be empty. */
export type MoveKind = 'grow' | 'shrink' | 'offload' | 'drain';

export type Risk = 'low' | 'medium' | 'high';

/** One move of a plan, with all that it was chosen by. Minutes are expected overloaded ones within the policy's horizon. */
export interface PlannedMove {
  readonly instanceId: string;
  readonly name: string;
  readonly fleet: string;
  readonly service: string;
  readonly slaClass: SlaClass;
  readonly kind: MoveKind;
  readonly fromShape: string;
  readonly toShape: string;
  readonly fromPoolId: string;
  readonly toPoolId: string;
  readonly toZone: string;
  /** The latest start that is in time. */
  readonly startAtMs: number;
  /** When the overload is expected; null where nothing presses. */
  readonly deadlineAtMs: number | null;
  readonly impactMinutes: number;
  /** Mean demand at its highest over that at once; 1 is steady. */
  readonly demandIncreaseRatio: number;
  readonly dependencies: number;
  readonly costUsd: number;
  readonly savesUsd: number;
  readonly risk: Risk;
  readonly reasons: readonly string[];
}

/** An instance that is not moved, and why. */
export interface HeldInstance {
  readonly instanceId: string;
  readonly name: string;
  /** What would have been done with it; null where nothing is wanted. */
  readonly wanted: MoveKind | null;
  readonly reason: string;
}

/** The answer to "what should be done with this fleet now?": every instance stands in one of the two lists. */
export interface FleetPlan {
  readonly atMs: number;
  /** Most urgent first. */
  readonly moves: readonly PlannedMove[];
  readonly held: readonly HeldInstance[];
  readonly costUsd: number;
  readonly savesUsd: number;
  readonly avoidedMinutes: number;
}
