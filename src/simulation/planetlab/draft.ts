import type { Fleet } from './fleet';
import type { Host, Tenant } from './host';
import { HISTORY_LENGTH, type HostLoad } from './overload-detectors';

interface HostSums {
  readonly demandMips: number;
  readonly grantedMips: number;
  readonly history: Float64Array;
}

/** VMs moved on trial: hosts share their CPU anew, but time, power and the ledger stay. `restore` brings back what was. */
export class Draft {
  private readonly saved: readonly (readonly Tenant[])[];
  private readonly sums: (HostSums | undefined)[];
  private readonly withOneMore = new Float64Array(HISTORY_LENGTH);

  constructor(readonly fleet: Fleet) {
    this.saved = fleet.hosts.map(({ tenants }) => [...tenants]);
    this.sums = fleet.hosts.map(() => undefined);
  }

  /** For good, where `restore` is not to follow. */
  settle(vm: number, host: Host): void {
    this.fleet.settle(vm, host);
    this.sums[host.index] = undefined;
  }

  add(vm: number, host: Host): void {
    this.fleet.append(vm, host, false);
    this.sums[host.index] = undefined;
  }

  remove(vm: number, host: Host): void {
    this.fleet.withdraw(vm, host);
    this.sums[host.index] = undefined;
  }

  restore(): void {
    for (const host of this.fleet.hosts) {
      host.tenants = [...(this.saved[host.index] as readonly Tenant[])];
      host.share(this.fleet.inMigration);
    }
  }

  grantedMips(host: Host): number {
    return this.sumsOf(host).grantedMips;
  }

  load(host: Host): HostLoad {
    const { demandMips, history } = this.sumsOf(host);
    return toLoad(demandMips / host.type.capacityMips, history);
  }

  /** The load that a host would have with one VM more; valid until the next call. */
  loadWith(vm: number, host: Host): HostLoad {
    const { demandMips, history } = this.sumsOf(host);
    this.withOneMore.set(history);
    this.addHistory(vm, host, this.withOneMore);
    return toLoad((demandMips + (this.fleet.demandMips[vm] as number)) / host.type.capacityMips, this.withOneMore);
  }

  private sumsOf(host: Host): HostSums {
    return (this.sums[host.index] ??= this.sumUp(host));
  }

  private sumUp(host: Host): HostSums {
    let demandMips = 0;
    let grantedMips = 0;
    const history = new Float64Array(HISTORY_LENGTH);
    for (const tenant of host.tenants) {
      demandMips += this.fleet.demandMips[tenant.vm] as number;
      grantedMips += tenant.grantedMips;
      this.addHistory(tenant.vm, host, history);
    }
    return { demandMips, grantedMips, history };
  }

  /** A VM brings its own past along, whichever host it was on. */
  private addHistory(vm: number, host: Host, history: Float64Array): void {
    const mips = this.fleet.vmMips[vm] as number;
    const known = Math.min(HISTORY_LENGTH, this.fleet.instant + 1);
    for (let age = 0; age < known; age++) history[age] = (history[age] as number) + (this.fleet.useAgo(vm, age) * mips) / host.type.capacityMips;
  }
}

function toLoad(demandRatio: number, history: Float64Array): HostLoad {
  let known = history.length;
  while (known > 0 && history[known - 1] === 0) known--;
  return { demandRatio, history, known };
}
