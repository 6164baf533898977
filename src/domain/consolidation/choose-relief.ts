import type { ConsolidationRules } from './consolidation-rules';
import { sumOf, type VmLoad } from './fleet-load';
import type { HostGroup } from './host-group';

/** Both hosts are disturbed anyway: a little more may leave with it, so that the overload does not come back. */
const SPARE_RATIOS = [0, 0.03, 0.06];

/**
 * The VMs whose leaving ends a host's overload at the least cost: few small ones that are moved quickly rather than one large one, because source and
 * target are disturbed for the longest of the moves. Where no few VMs do, the largest ones.
 */
export function chooseRelief(group: HostGroup, rules: ConsolidationRules): readonly VmLoad[] {
  const excessCpu = group.nowCpu - group.host.capacityCpu;
  const largestFirst = [...group.busy].sort((a, b) => b.nowCpu - a.nowCpu);
  let best: readonly VmLoad[] | null = null;
  let leastCost = Infinity;
  for (const seconds of new Set(largestFirst.map(({ moveSeconds }) => moveSeconds))) {
    const quick = largestFirst.filter(({ moveSeconds }) => moveSeconds <= seconds);
    for (let first = 0; first < quick.length; first++) {
      for (const spareRatio of SPARE_RATIOS) {
        const set = coverFrom(first, quick, excessCpu + spareRatio * group.host.capacityCpu, rules.mostReliefVms);
        if (set === null) continue;
        const cost = costOf(set, excessCpu, group, rules);
        if (cost < leastCost) {
          best = set;
          leastCost = cost;
        }
      }
    }
  }
  return best ?? coverFrom(0, largestFirst, excessCpu, largestFirst.length) ?? largestFirst;
}

/** From the given VM on the next smaller ones, until one covers the rest: then the smallest that does. Null where more than `most` would be needed. */
function coverFrom(first: number, largestFirst: readonly VmLoad[], excessCpu: number, most: number): readonly VmLoad[] | null {
  const set: VmLoad[] = [];
  let leftCpu = excessCpu;
  for (const vm of largestFirst.slice(first, first + most)) {
    if (vm.nowCpu >= leftCpu) return [...set, largestFirst.findLast(({ nowCpu }) => nowCpu >= leftCpu) as VmLoad];
    set.push(vm);
    leftCpu -= vm.nowCpu;
  }
  return null;
}

function costOf(set: readonly VmLoad[], excessCpu: number, { host: { capacityCpu }, samplesCpu }: HostGroup, rules: ConsolidationRules): number {
  const longestSeconds = Math.max(...set.map(({ moveSeconds }) => moveSeconds));
  const movedSeconds = sumOf(set, ({ nowCpu, moveSeconds }) => (nowCpu / capacityCpu + rules.perReliefVmRatio) * moveSeconds);
  const peakCpu = samplesCpu.reduce((peak, cpu, i) => Math.max(peak, cpu - sumOf(set, (vm) => vm.samplesCpu[i] as number)), 0);
  const lackingRatio = Math.max(0, peakCpu / capacityCpu - rules.peakLimitRatio);
  // Until the last has left, the excess is not served.
  return (rules.disturbanceRatio + excessCpu / capacityCpu) * longestSeconds + movedSeconds + rules.peakSeconds * lackingRatio;
}
