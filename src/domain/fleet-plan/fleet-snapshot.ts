import type { WeighedInstance } from './weigh-instance';

/** Something that takes instances: a zone, a dedicated host, a capacity reservation; or a group that operators made by a tag, which takes only its own. */
export interface Pool {
  readonly poolId: string;
  readonly kind: 'zone' | 'host' | 'reservation' | 'group';
  readonly zone: string;
  /** The only fleet that may go there; null where any may. */
  readonly fleet: string | null;
  /** What it can take of demand; null where nobody knows a bound. */
  readonly capacityVcpus: number | null;
  /** vCPUs that no instance has yet; null where nobody knows a bound. */
  readonly freeVcpus: number | null;
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
