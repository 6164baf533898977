/** Capacity that an account holds for itself: a dedicated host, or an On-Demand Capacity Reservation that an operator made. */
export interface OwnedCapacity {
  readonly kind: 'host' | 'reservation';
  /** `h-...` or `cr-...`. */
  readonly capacityId: string;
  readonly zone: string;
  /** Value of its tag `foreshift:fleet`: whose instances may be moved there. Null: nobody's, but what is in it is there. */
  readonly fleet: string | null;
  readonly totalVcpus: number;
  /** vCPUs that no instance has. */
  readonly freeVcpus: number;
  /** Instance types that it takes. */
  readonly shapes: readonly string[];
}

const CAPACITY_ID = /^(h|cr)-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Whether a pool's name is the id of a dedicated host or a capacity reservation. */
export function isOwnedCapacity(poolId: string): boolean {
  return CAPACITY_ID.test(poolId);
}
