import { hostTypeOf, type HostType } from './machines';
import { loadRatio, powerAt } from './power-model';

/** A VM on a host. While it is migrated it stands on two: on the source, and as arriving on the target. */
export interface Tenant {
  readonly vm: number;
  readonly arriving: boolean;
  requestMips: number;
  grantedMips: number;
}

/** What a migration costs: the source serves 90 % of the demand, the target sets aside 10 % meanwhile. */
const LEAVING_SHARE = 0.9;
const ARRIVING_SHARE = 0.1;

/** One host: who is on it, in order of arrival, and what each gets. Use and power are as of the last `measure`. */
export class Host {
  readonly type: HostType;
  tenants: Tenant[] = [];
  freeMips: number;
  useMips = 0;
  requestedMips = 0;
  load = 0;
  powerW: number;
  /** What this host has drawn on average since the measurement before the last one; nothing where it was unused then. */
  meanPowerW = 0;

  constructor(readonly index: number) {
    this.type = hostTypeOf(index);
    this.freeMips = this.type.capacityMips;
    this.powerW = powerAt(this.type.powerW, 0);
  }

  /** Shares the CPU out in list order; where the needs pass the capacity, everybody is scaled down by one factor, to whole MIPS. */
  share(inMigration: Uint8Array): void {
    const { coreMips, capacityMips } = this.type;
    let free = capacityMips;
    let needs = 0;
    let scarce = false;
    for (const { requestMips, arriving } of this.tenants) {
      const most = Math.min(requestMips, coreMips);
      const need = arriving ? most * ARRIVING_SHARE : most;
      needs += need;
      if (free >= need) free -= need;
      else {
        scarce = true;
        free = 0;
      }
    }
    this.freeMips = free;
    const factor = capacityMips / needs;
    for (const tenant of this.tenants) {
      const most = Math.min(tenant.requestMips, coreMips);
      const share = tenant.arriving ? ARRIVING_SHARE : inMigration[tenant.vm] === 1 ? LEAVING_SHARE : 1;
      tenant.grantedMips = scarce ? Math.floor(tenant.arriving ? most * share * factor : most * factor * share) : most * share;
    }
  }

  /** Takes what the tenants use, without a migration's loss, as the host's use. */
  measure(inMigration: Uint8Array): void {
    const wasUsed = this.load > 0;
    const powerBeforeW = this.powerW;
    this.useMips = 0;
    this.requestedMips = 0;
    for (const { vm, arriving, requestMips, grantedMips } of this.tenants) {
      this.useMips += !arriving && inMigration[vm] === 1 ? grantedMips / LEAVING_SHARE : grantedMips;
      this.requestedMips += requestMips;
    }
    this.load = loadRatio(this.useMips, this.type.capacityMips);
    this.powerW = powerAt(this.type.powerW, this.load);
    this.meanPowerW = wasUsed ? powerBeforeW + (this.powerW - powerBeforeW) / 2 : 0;
  }
}
