import { chooseTarget, type Preference, type TargetRule } from './choose-target';
import type { ConsolidationRules } from './consolidation-rules';
import { sumOf, type PlannedMove } from './fleet-load';
import type { HostGroup } from './host-group';

/** Decides before how full a target gets. */
const STAYING_WEIGHT = 10;

/**
 * Empties hosts as long as all VMs of one find room on others in use: the inefficient ones first, then those of which it costs least. A host that received
 * something in this round stays, so no VM moves twice. The groups are changed to what they will be.
 *
 * @param first while VMs stand where they were placed without knowledge of their load: then each host that can goes, whatever it costs
 */
export function emptyHosts(groups: readonly HostGroup[], overloaded: ReadonlySet<HostGroup>, rules: ConsolidationRules, first: boolean): PlannedMove[] {
  const rule: TargetRule = {
    needOf: rules.needOf,
    limitRatio: first ? rules.firstLimitRatio : rules.emptyingLimitRatio,
    prefer: dearestToEmpty(groups),
  };
  const remaining = new Set(groups.filter((group) => group.busy.size > 0 && !overloaded.has(group)));
  const candidates = [...remaining]
    .map((group) => ({ group, seconds: emptyingSeconds(group, rules) }))
    .filter(({ seconds }) => first || seconds <= rules.largestEmptyingSeconds)
    .sort((a, b) => Number(a.group.host.efficient) - Number(b.group.host.efficient) || a.seconds - b.seconds);
  const moves: PlannedMove[] = [];
  for (const { group } of candidates) {
    if (group.receives) continue;
    remaining.delete(group);
    const found = placeAll(group, remaining, rule);
    if (found === null) remaining.add(group);
    else moves.push(...found);
  }
  return [...moves, ...sendIdle(groups, remaining)];
}

const emptyingSeconds = ({ busy, host }: HostGroup, rules: ConsolidationRules): number =>
  sumOf(busy, ({ nowCpu, moveSeconds }) => (nowCpu / host.capacityCpu + rules.perEmptiedVmRatio) * moveSeconds);

/** Those hosts fill of which the moves would take most away, and the others are left to be emptied. What arrived in this round does not count: it moves anyway. */
function dearestToEmpty(groups: readonly HostGroup[]): Preference {
  const mostSeconds = Math.max(...groups.flatMap(({ busy }) => [...busy].map(({ moveSeconds }) => moveSeconds)));
  const shares = new Map(groups.map(({ host, busy }) => [host.id, sumOf(busy, ({ nowCpu, moveSeconds }) => (nowCpu * moveSeconds) / host.capacityCpu) / mostSeconds]));
  return ({ host }, needRatio) => STAYING_WEIGHT * (shares.get(host.id) as number) + needRatio;
}

/** A place for every VM of a host, or null and nothing changed. */
function placeAll(group: HostGroup, targets: ReadonlySet<HostGroup>, rule: TargetRule): PlannedMove[] | null {
  const placed: { readonly target: HostGroup; readonly received: boolean; readonly move: PlannedMove }[] = [];
  const vms = [...group.busy].sort((a, b) => b.nowCpu - a.nowCpu);
  for (const vm of vms) {
    const target = chooseTarget(vm, targets, rule);
    if (target === null) {
      placed.forEach(({ target: undone, received }, i) => {
        undone.remove(vms[i] as (typeof vms)[number]);
        undone.receives &&= received;
      });
      return null;
    }
    placed.push({ target, received: target.receives, move: { vmId: vm.id, hostId: target.host.id } });
    target.add(vm);
    target.receives = true;
  }
  for (const vm of vms) group.remove(vm);
  return placed.map(({ move }) => move);
}

/**
 * VMs that use nothing leave the hosts on which nothing else is left, last of all: whether they still run must not change what happens to others. They
 * are spread over the hosts that receive anyway, as they may wake together; where none does, the one with most room is disturbed.
 */
function sendIdle(groups: readonly HostGroup[], inUse: ReadonlySet<HostGroup>): PlannedMove[] {
  const roomiestFirst = [...inUse].filter(({ host }) => host.efficient).sort((a, b) => a.nowCpu - b.nowCpu);
  const receivers = roomiestFirst.filter(({ receives }) => receives);
  const targets = receivers.length > 0 ? receivers : roomiestFirst.slice(0, 1);
  if (targets.length === 0) return [];
  const left = groups.filter(({ busy }) => busy.size === 0).flatMap(({ idle }) => idle);
  return left.map((vm, i) => ({ vmId: vm.id, hostId: (targets[i % targets.length] as HostGroup).host.id }));
}
