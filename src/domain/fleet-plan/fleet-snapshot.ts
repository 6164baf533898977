import type { WeighedInstance } from './weigh-instance';

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
