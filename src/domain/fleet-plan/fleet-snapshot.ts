import type { SlaClass } from '../queue/move-request';
import type { BurstCredits } from '../sizing/burst-credits';
import type { Shape } from '../shape';
import type { WeighedInstance } from './weigh-instance';

/** One instance as the planner sees it, read at one moment. */
export interface FleetInstance {
  readonly instanceId: string;
  readonly name: string;
  readonly service: string;
  readonly slaClass: SlaClass;
  readonly zone: string;
  /** The pool that it is in: a zone, a dedicated host or a reservation. */
  readonly poolId: string;
  readonly shape: Shape;
  /** Target groups and tags of dependency that it shares with others. */
  readonly dependencies: readonly string[];
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

/** Something that takes instances: a zone, a dedicated host, a capacity reservation. */
export interface Pool {
  readonly poolId: string;
  readonly kind: 'zone' | 'host' | 'reservation';
  readonly zone: string;
  /** What it can take; null where nobody knows a bound. */
  readonly capacityVcpus: number | null;
  readonly offeredShapes: readonly string[];
  /** Why nothing may go there and its members shall leave; null where it is open. */
  readonly isolated: string | null;
}

/** All that one plan is made from. Forecasts are in it as what they come to for each instance: ten thousand of them fit nowhere at once. */
export interface FleetSnapshot {
  readonly atMs: number;
  readonly instances: readonly WeighedInstance[];
  readonly pools: readonly Pool[];
}
