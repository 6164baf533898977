import { Draft } from '../../../src/simulation/planetlab/draft';
import { Fleet } from '../../../src/simulation/planetlab/fleet';
import type { Host } from '../../../src/simulation/planetlab/host';
import { HOST_COUNT } from '../../../src/simulation/planetlab/machines';
import { threshold } from '../../../src/simulation/planetlab/overload-detectors';
import { leastPowerRise, placeAll } from '../../../src/simulation/planetlab/place-vm';
import { planConsolidation } from '../../../src/simulation/planetlab/plan-consolidation';
import { readTrace } from '../../../src/simulation/planetlab/read-trace';
import { SlaLedger } from '../../../src/simulation/planetlab/sla-ledger';

const rules = { isOverloaded: threshold(0.8), findHost: leastPowerRise(threshold(0.8)) };

/** Eight VMs, two of each type, after the first instant; each at its own use all day, where it is told or where the policy placed it. */
const fleetAt = (percents: readonly number[], hostOf?: readonly number[]): Fleet => {
  const trace = readTrace(percents.map((percent) => `vm,${Array(288).fill(percent).join(',')}`).join('\n'));
  const fleet = new Fleet(trace, new SlaLedger(HOST_COUNT, trace.vmCount));
  if (hostOf === undefined) placeAll(fleet, new Draft(fleet), rules.findHost);
  else hostOf.forEach((host, vm) => fleet.settle(vm, fleet.hosts[host] as Host));
  fleet.update(300.1, 0);
  return fleet;
};
const tenants = (fleet: Fleet): unknown => fleet.hosts.filter((host) => host.tenants.length > 0).map((host) => [host.index, host.freeMips, host.tenants.map((tenant) => ({ ...tenant }))]);

describe('a round of consolidation', () => {
  it('leaves the fleet as it was', () => {
    const fleet = fleetAt([10, 20, 30, 40, 50, 60, 70, 80]);
    const before = tenants(fleet);
    expect(planConsolidation(fleet, rules).length).toBeGreaterThan(0);
    expect(tenants(fleet)).toEqual(before);
  });

  it('empties lightly loaded hosts into hosts that it would not overload', () => {
    const fleet = fleetAt([5, 5, 5, 5, 5, 5, 5, 5]);
    const used = (): number => fleet.hosts.filter((host) => host.tenants.length > 0).length;
    const before = used();
    const moves = planConsolidation(fleet, rules);
    for (const { vm, target } of moves) fleet.startMigration(vm, target);
    fleet.update(330.1);
    for (const { vm, target } of moves) fleet.endMigration(vm, target);
    expect(used()).toBeLessThan(before);
    for (const host of fleet.hosts) expect(host.tenants.reduce((sum, { requestMips }) => sum + requestMips, 0)).toBeLessThanOrEqual(0.8 * host.type.capacityMips);
  });

  it('takes the VM with the least memory off an overloaded host, and no more than ends the overload', () => {
    // 1740 MB and 870 MB together on a host of 5320 MIPS; the others stay where they do no harm.
    const fleet = fleetAt([100, 100, 100, 100, 100, 100, 100, 100], [3, 1, 1, 5, 7, 9, 11, 13]);
    const relieved = planConsolidation(fleet, rules).filter(({ vm }) => vm === 1 || vm === 2);
    expect(relieved.map(({ vm }) => vm)).toEqual([1]);
    expect(relieved[0]?.target.index).not.toBe(1);
  });
});
