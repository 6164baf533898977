import type { SlaClass } from '../queue/move-request';
import type { Shape } from '../shape';
import type { BurstCredits } from '../sizing/burst-credits';

/** One instance as the planner sees it, read at one moment. */
export interface FleetInstance {
  readonly instanceId: string;
  readonly name: string;
  /** Whose queue moves it. */
  readonly fleet: string;
  readonly service: string;
  readonly slaClass: SlaClass;
  readonly zone: string;
  /** The pool that it is in: a zone, a dedicated host or a reservation. */
  readonly poolId: string;
  readonly shape: Shape;
  /** Target groups and tags of dependency that it shares with others. */
  readonly dependencies: readonly string[];
  /** A load balancer finds it unhealthy. */
  readonly unhealthy: boolean;
  /** What its volumes hold. */
  readonly stateBytes: number;
  /** Set on burstable shapes. */
  readonly burst: BurstCredits | null;
  readonly lastMove: LastMove | null;
  readonly migrating: boolean;
  /** Why it must not be moved: a tag, termination protection; null where it may. */
  readonly pinned: string | null;
}

export interface LastMove {
  readonly endedAtMs: number;
  readonly fromPoolId: string;
  readonly fromShape: string;
}
