/** The service level of a day, all as fractions: Beloglazov & Buyya 2012, section 4. */
export interface ServiceLevel {
  /** Share of the hosts' active time in which they granted less than was requested. */
  readonly slatah: number;
  /** Share of the demand that migrations took away. */
  readonly pdm: number;
  /** The product of both. */
  readonly slav: number;
  /** Share of the demand that was not served, for whatever reason. */
  readonly slaOverall: number;
  readonly shutdowns: number;
}

const NONE_YET = -1;

/**
 * Sums what was granted and requested over time. A state holds until the next one of the same machine; one of the same instant replaces the last; the
 * last one of the day, which nothing follows, lasts no time.
 */
export class SlaLedger {
  private readonly hosts;
  private readonly vms;
  private activeS = 0;
  private violatedS = 0;
  private requested = 0;
  private granted = 0;
  private lostInMigration = 0;
  private shutdowns = 0;

  constructor(hostCount: number, vmCount: number) {
    const numbers = (count: number, value = 0): Float64Array => new Float64Array(count).fill(value);
    // A host counts as active before its first state: one that is never used is shut down once.
    this.hosts = { atS: numbers(hostCount, NONE_YET), use: numbers(hostCount), requested: numbers(hostCount), wasActive: new Uint8Array(hostCount).fill(1) };
    this.vms = { atS: numbers(vmCount, NONE_YET), granted: numbers(vmCount), requested: numbers(vmCount), inMigration: new Uint8Array(vmCount) };
  }

  hostState(host: number, atS: number, useMips: number, requestedMips: number): void {
    if (this.hosts.atS[host] !== atS) this.closeHost(host, atS);
    this.hosts.atS[host] = atS;
    this.hosts.use[host] = useMips;
    this.hosts.requested[host] = requestedMips;
  }

  vmState(vm: number, atS: number, grantedMips: number, requestedMips: number, inMigration: boolean): void {
    if (this.vms.atS[vm] !== atS) this.closeVm(vm, atS);
    this.vms.atS[vm] = atS;
    this.vms.granted[vm] = grantedMips;
    this.vms.requested[vm] = requestedMips;
    this.vms.inMigration[vm] = inMigration ? 1 : 0;
  }

  /** The day's sums; nothing may be written after. */
  close(): ServiceLevel {
    for (let host = 0; host < this.hosts.atS.length; host++) this.closeHost(host, this.hosts.atS[host] as number);
    const slatah = share(this.violatedS, this.activeS);
    const pdm = share(this.lostInMigration, this.requested);
    return { slatah, pdm, slav: slatah * pdm, slaOverall: share(this.requested - this.granted, this.requested), shutdowns: this.shutdowns };
  }

  private closeHost(host: number, untilS: number): void {
    const { atS, use, requested, wasActive } = this.hosts;
    const fromS = atS[host] as number;
    if (fromS === NONE_YET) return;
    const active = (use[host] as number) > 0;
    if (active) {
      this.activeS += untilS - fromS;
      if ((use[host] as number) < (requested[host] as number)) this.violatedS += untilS - fromS;
    }
    if (!active && wasActive[host] === 1) this.shutdowns++;
    wasActive[host] = active ? 1 : 0;
  }

  private closeVm(vm: number, untilS: number): void {
    const fromS = this.vms.atS[vm] as number;
    if (fromS === NONE_YET) return;
    const granted = this.vms.granted[vm] as number;
    const requested = this.vms.requested[vm] as number;
    const lengthS = untilS - fromS;
    this.requested += requested * lengthS;
    this.granted += granted * lengthS;
    if (this.vms.inMigration[vm] === 1 && granted < requested) this.lostInMigration += (requested - granted) * lengthS;
  }
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
