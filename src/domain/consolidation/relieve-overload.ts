import { chooseRelief } from './choose-relief';
import { chooseTarget, emptiest, type TargetRule } from './choose-target';
import type { ForecastNeed } from './coming-need';
import type { ConsolidationRules } from './consolidation-rules';
import { together, type CpuDemand, type PlannedMove, type VmLoad } from './fleet-load';
import type { HostGroup } from './host-group';

/** Where no host has room by forecast, room by the use now must do: the overload is here, the forecast may err. */
const useNow: ForecastNeed = ({ nowCpu }, another) => nowCpu + (another?.nowCpu ?? 0);

/**
 * Moves VMs off the overloaded hosts until none of them is: to hosts in use, else to an unused one. VMs that find no place stay. The groups are changed
 * to what they will be.
 */
export function relieveOverload(groups: readonly HostGroup[], overloaded: ReadonlySet<HostGroup>, rules: ConsolidationRules): PlannedMove[] {
  const reliefs = [...overloaded].map((group) => {
    const vms = chooseRelief(group, rules);
    for (const vm of vms) group.remove(vm);
    return { group, vms, peakCpu: Math.max(...together(vms).samplesCpu) };
  });
  const others = groups.filter((group) => !overloaded.has(group));
  const moves: PlannedMove[] = [];
  const place = (vms: readonly VmLoad[], target: HostGroup | null): boolean => {
    if (target === null) return false;
    for (const vm of vms) {
      target.add(vm);
      moves.push({ vmId: vm.id, hostId: target.host.id });
    }
    target.receives = true;
    return true;
  };
  for (const { group, vms } of reliefs.sort((a, b) => b.peakCpu - a.peakCpu)) {
    // Together they disturb one target; apart they may find room that no host has for all.
    if (place(vms, findRoom(together(vms), others, rules))) continue;
    for (const vm of vms) if (!place([vm], findRoom(vm, others, rules) ?? findUnused(vm, others))) group.add(vm);
  }
  return moves;
}

function findRoom(demand: CpuDemand, others: readonly HostGroup[], rules: ConsolidationRules): HostGroup | null {
  const inUse = others.filter(({ busy }) => busy.size > 0);
  const rule = (needOf: ForecastNeed): TargetRule => ({ needOf, limitRatio: rules.reliefLimitRatio, prefer: emptiest });
  return chooseTarget(demand, inUse, rule(rules.needOf)) ?? chooseTarget(demand, inUse, rule(useNow));
}

function findUnused({ largestCpu }: VmLoad, others: readonly HostGroup[]): HostGroup | null {
  return others.find(({ busy, host }) => busy.size === 0 && host.efficient && host.largestVmCpu >= largestCpu) ?? null;
}
