import type { Pool } from './fleet-snapshot';
import type { FleetPlanPolicy } from './plan-policy';
import type { WeighedInstance } from './weigh-instance';

/** A pool's members and what they will ask for, kept up to date while a plan is made: every move that is planned counts at once. */
export class PoolLoads {
  private readonly demandVcpus = new Map<string, number>();
  private readonly services = new Map<string, Map<string, number>>();
  private readonly takenVcpus = new Map<string, number>();
  private readonly kinds: ReadonlyMap<string, Pool['kind']>;

  constructor(
    readonly pools: readonly Pool[],
    instances: readonly WeighedInstance[],
    private readonly policy: FleetPlanPolicy,
  ) {
    this.kinds = new Map(pools.map(({ poolId, kind }) => [poolId, kind]));
    for (const instance of instances) this.add(instance.poolId, instance);
  }

  /** What is asked of a pool at the policy's quantile, in vCPUs: quantiles added, as if all peaks came together. Never too little. */
  demandOf(poolId: string): number {
    return this.demandVcpus.get(poolId) ?? 0;
  }

  /** vCPUs that a pool can still take; Infinity where nobody knows a bound. */
  headroomOf({ poolId, capacityVcpus }: Pool): number {
    return capacityVcpus === null ? Infinity : (capacityVcpus * this.policy.poolLimitPercent) / 100 - this.demandOf(poolId);
  }

  /** vCPUs of a pool that no instance has and no planned move takes; Infinity where nobody knows a bound. */
  freeOf({ poolId, freeVcpus }: Pool): number {
    return freeVcpus === null ? Infinity : freeVcpus - (this.takenVcpus.get(poolId) ?? 0);
  }

  /** Null where a pool is not known. */
  kindOf(poolId: string): Pool['kind'] | null {
    return this.kinds.get(poolId) ?? null;
  }

  /** Members of a service in a pool. */
  membersOf(poolId: string, service: string): number {
    return this.services.get(poolId)?.get(service) ?? 0;
  }

  /** What an instance leaves is free only after its move: until then both have theirs. */
  move(instance: WeighedInstance, toPoolId: string, vcpus: number): void {
    this.takenVcpus.set(toPoolId, (this.takenVcpus.get(toPoolId) ?? 0) + vcpus);
    if (toPoolId === instance.poolId) return;
    this.change(instance.poolId, instance, -1);
    this.add(toPoolId, instance);
  }

  private add(poolId: string, instance: WeighedInstance): void {
    this.change(poolId, instance, 1);
  }

  private change(poolId: string, instance: WeighedInstance, sign: 1 | -1): void {
    this.demandVcpus.set(poolId, this.demandOf(poolId) + sign * instance.demandVcpus);
    const services = this.services.get(poolId) ?? new Map<string, number>();
    services.set(instance.service, (services.get(instance.service) ?? 0) + sign);
    this.services.set(poolId, services);
  }
}
