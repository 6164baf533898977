import type { HostLoad, VmLoad } from './fleet-load';

/** A host while a round is planned: its busy VMs, their use summed instant by instant, so that what rises together is seen together. */
export class HostGroup {
  readonly busy: Set<VmLoad>;
  /** VMs that use nothing now. They count nowhere: whether such a VM still runs only its next sample tells. */
  readonly idle: readonly VmLoad[];
  readonly samplesCpu: Float64Array;
  nowCpu = 0;
  /** Whether a VM was sent here in this round. */
  receives = false;

  constructor(
    readonly host: HostLoad,
    samples: number,
  ) {
    this.busy = new Set(host.vms.filter(({ nowCpu }) => nowCpu > 0));
    this.idle = host.vms.filter(({ nowCpu }) => nowCpu === 0);
    this.samplesCpu = new Float64Array(samples);
    for (const vm of this.busy) this.count(vm, 1);
  }

  add(vm: VmLoad): void {
    this.busy.add(vm);
    this.count(vm, 1);
  }

  remove(vm: VmLoad): void {
    this.busy.delete(vm);
    this.count(vm, -1);
  }

  private count(vm: VmLoad, sign: 1 | -1): void {
    const { samplesCpu } = this;
    this.nowCpu += sign * vm.nowCpu;
    for (let i = 0; i < samplesCpu.length; i++) samplesCpu[i] = (samplesCpu[i] as number) + sign * (vm.samplesCpu[i] as number);
  }
}
