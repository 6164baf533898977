import type { ConsolidationRules, Emptying } from './consolidation-rules';
import { emptyHosts } from './empty-hosts';
import type { HostLoad, PlannedMove } from './fleet-load';
import { HostGroup } from './host-group';
import { relieveOverload } from './relieve-overload';

/**
 * One round of consolidation after Beloglazov & Buyya 2012 (relieve what is overloaded, empty what is not needed), by forecast need instead of the use now:
 * a host is relieved as soon as it is overloaded and never before, and takes VMs only up to a limit on what all its VMs together will need.
 *
 * @returns the moves, each VM at most once; those of relief come first
 */
export function planRound(hosts: readonly HostLoad[], rules: ConsolidationRules, emptying: Emptying): PlannedMove[] {
  const samples = hosts.find(({ vms }) => vms.length > 0)?.vms[0]?.samplesCpu.length ?? 0;
  const groups = hosts.map((host) => new HostGroup(host, samples));
  const overloaded = new Set(groups.filter(({ nowCpu, host }) => nowCpu > host.capacityCpu));
  const relief = relieveOverload(groups, overloaded, rules);
  return emptying === 'none' ? relief : [...relief, ...emptyHosts(groups, overloaded, rules, emptying === 'first')];
}
