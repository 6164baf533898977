/** What one VM, or several together, ask of a host. CPU is in one unit for all VMs and hosts, e.g. vCPUs or MIPS. */
export interface CpuDemand {
  /** The most that one of the VMs can ever use. */
  readonly largestCpu: number;
  readonly nowCpu: number;
  /** The use at instants that all VMs of the round have in common, at least one: what a group's need is forecast from. */
  readonly samplesCpu: Float64Array;
}

/** A VM as a round of consolidation sees it. One that uses nothing now may have finished: nothing is reserved for it, and it goes along when its host is emptied. */
export interface VmLoad extends CpuDemand {
  readonly id: number;
  readonly moveSeconds: number;
}

/** A host with its VMs. */
export interface HostLoad {
  readonly id: number;
  readonly capacityCpu: number;
  /** The most that one VM can be given here. */
  readonly largestVmCpu: number;
  /** Whether it is of the kind that gives the most CPU for its idle power; hosts of other kinds are emptied first and filled last. */
  readonly efficient: boolean;
  readonly vms: readonly VmLoad[];
}

/** One VM is to leave for another host. */
export interface PlannedMove {
  readonly vmId: number;
  readonly hostId: number;
}

/** Several VMs as one, for a target that is to take them all. */
export function together(vms: readonly VmLoad[]): CpuDemand {
  const samplesCpu = new Float64Array((vms[0] as VmLoad).samplesCpu.length);
  for (const vm of vms) for (let i = 0; i < samplesCpu.length; i++) samplesCpu[i] = (samplesCpu[i] as number) + (vm.samplesCpu[i] as number);
  return { largestCpu: Math.max(...vms.map(({ largestCpu }) => largestCpu)), nowCpu: sumOf(vms, ({ nowCpu }) => nowCpu), samplesCpu };
}

export const sumOf = (vms: Iterable<VmLoad>, of: (vm: VmLoad) => number): number => {
  let sum = 0;
  for (const vm of vms) sum += of(vm);
  return sum;
};
