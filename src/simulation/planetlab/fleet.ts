import { Host, type Tenant } from './host';
import { HOST_COUNT, vmTypeOf } from './machines';
import { SAMPLE_SECONDS, useRatioAt, type Trace } from './read-trace';
import type { SlaLedger } from './sla-ledger';

/** Scheduling instants of a day. */
export const INSTANTS = 287;
const GONE = -1;

/** Hosts and VMs at one moment of the day. Only `update` moves the clock. */
export class Fleet {
  readonly hosts: readonly Host[] = Array.from({ length: HOST_COUNT }, (_, index) => new Host(index));
  readonly vmCount: number;
  readonly vmMips: Float64Array;
  readonly vmRamMb: Float64Array;
  /** What each VM asks for now: at first, before any sample is read, all that it may. */
  readonly demandMips: Float64Array;
  readonly inMigration: Uint8Array;
  /** The last scheduling instant, from 0; -1 before the first. */
  instant = -1;
  energyJ = 0;
  private nowS = 0;
  private readonly hostOf: Int32Array;
  private readonly pastUse: Float64Array;

  constructor(
    private readonly trace: Trace,
    private readonly ledger: SlaLedger,
  ) {
    const { vmCount } = trace;
    this.vmCount = vmCount;
    this.vmMips = Float64Array.from({ length: vmCount }, (_, vm) => vmTypeOf(vm, vmCount).mips);
    this.vmRamMb = Float64Array.from({ length: vmCount }, (_, vm) => vmTypeOf(vm, vmCount).ramMb);
    this.demandMips = this.vmMips.slice();
    this.inMigration = new Uint8Array(vmCount);
    this.hostOf = new Int32Array(vmCount).fill(GONE);
    this.pastUse = new Float64Array(vmCount * INSTANTS);
  }

  /** A VM's use (0..1) at the scheduling instant `age` instants ago; 0 where there was none. */
  useAgo(vm: number, age: number): number {
    return age > this.instant ? 0 : (this.pastUse[vm * INSTANTS + this.instant - age] as number);
  }

  /**
   * A VM's use in whole percent at the last sample, `age` samples ago; those since midnight are known. What a policy that must not see ahead may read:
   * the use at a scheduling instant lies 0.1 s after the sample and so holds a little of the next one.
   */
  percentAgo(vm: number, age: number): number {
    return Math.round(100 * useRatioAt(this.trace, vm, (this.instant + 1 - age) * SAMPLE_SECONDS));
  }

  /** Puts a VM on a host, at the end of its list. */
  settle(vm: number, host: Host): void {
    this.hostOf[vm] = host.index;
    this.append(vm, host, false);
  }

  /** Appends a VM to a host's list without a word about where it lives: tentatively, or as arriving. */
  append(vm: number, host: Host, arriving: boolean): void {
    host.tenants.push({ vm, arriving, requestMips: this.demandMips[vm] as number, grantedMips: 0 });
    host.share(this.inMigration);
  }

  /** Takes a VM off a host's list. */
  withdraw(vm: number, host: Host): void {
    const at = host.tenants.findIndex((tenant) => tenant.vm === vm);
    if (at < 0) return;
    host.tenants.splice(at, 1);
    host.share(this.inMigration);
  }

  startMigration(vm: number, target: Host): void {
    this.inMigration[vm] = 1;
    this.append(vm, target, true);
    this.refresh(target);
    this.refresh(this.hosts[this.hostOf[vm] as number] as Host);
  }

  endMigration(vm: number, target: Host): void {
    this.withdraw(vm, this.hosts[this.hostOf[vm] as number] as Host);
    this.withdraw(vm, target);
    this.inMigration[vm] = 0;
    this.settle(vm, target);
  }

  /** Lets time pass until `atS`: demands, grants, energy, and the end of the VMs that ask for nothing. */
  update(atS: number, instant?: number): void {
    const lengthS = atS - this.nowS;
    this.nowS = atS;
    if (instant !== undefined) this.instant = instant;
    for (let vm = 0; vm < this.vmCount; vm++) {
      const use = useRatioAt(this.trace, vm, atS);
      this.demandMips[vm] = use * (this.vmMips[vm] as number);
      if (instant !== undefined) this.pastUse[vm * INSTANTS + instant] = use;
    }
    for (const host of this.hosts) this.refresh(host);
    if (lengthS > 0) for (const { meanPowerW } of this.hosts) this.energyJ += meanPowerW * lengthS;
    for (const host of this.hosts) this.removeFinished(host);
  }

  private refresh(host: Host): void {
    const { inMigration, ledger, nowS } = this;
    for (const tenant of host.tenants) tenant.requestMips = this.demandMips[tenant.vm] as number;
    host.share(inMigration);
    host.measure(inMigration);
    for (const { vm, arriving, requestMips, grantedMips } of host.tenants) {
      if (!arriving) ledger.vmState(vm, nowS, grantedMips, requestMips, inMigration[vm] === 1);
    }
    ledger.hostState(host.index, nowS, host.useMips, host.requestedMips);
  }

  /** CloudSim takes a VM that asks for nothing at an update for one that has done its work: about half of them go during a day. */
  private removeFinished(host: Host): void {
    const finished = ({ vm, requestMips }: Tenant): boolean => requestMips === 0 && this.inMigration[vm] === 0;
    if (!host.tenants.some(finished)) return;
    host.tenants = host.tenants.filter((tenant) => !finished(tenant));
    host.share(this.inMigration);
  }
}
