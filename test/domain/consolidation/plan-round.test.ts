import { meanAndSpread } from '../../../src/domain/consolidation/coming-need';
import type { HostLoad, PlannedMove } from '../../../src/domain/consolidation/fleet-load';
import { planRound } from '../../../src/domain/consolidation/plan-round';
import { host, randomFleet, RULES, vm } from './fleets';

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

/** The VMs of each host after the moves. */
const after = (hosts: readonly HostLoad[], moves: readonly PlannedMove[]) => {
  const hostOf = new Map(moves.map(({ vmId, hostId }) => [vmId, hostId]));
  return hosts.map((of) => ({ ...of, vms: hosts.flatMap(({ id, vms }) => vms.filter((one) => (hostOf.get(one.id) ?? id) === of.id)) }));
};
const useNow = ({ vms }: HostLoad): number => vms.reduce((sum, { nowCpu }) => sum + nowCpu, 0);

describe('a round of consolidation', () => {
  it('does nothing where no host is overloaded and nothing may be emptied', () => {
    expect(planRound([host(0, [vm(0, [50, 50]), vm(1, [50, 50])]), host(1, [])], RULES, 'none')).toEqual([]);
  });

  it('plans for no hosts and for hosts without VMs', () => {
    expect(planRound([], RULES, 'first')).toEqual([]);
    expect(planRound([host(0, []), host(1, [])], RULES, 'first')).toEqual([]);
  });

  it('relieves a host in the round in which it is overloaded, to a host in use rather than an unused one', () => {
    const hosts = [host(0, [vm(0, [45, 50]), vm(1, [45, 50]), vm(2, [5, 8])]), host(1, []), host(2, [vm(3, [10, 10])])];
    expect(planRound(hosts, RULES, 'none')).toEqual([{ vmId: 2, hostId: 2 }]);
  });

  it('takes an unused host where the ones in use have no room', () => {
    const hosts = [host(0, [vm(0, [45, 50]), vm(1, [45, 50]), vm(2, [5, 8])]), host(1, [], { efficient: false }), host(2, []), host(3, [vm(3, [48, 48]), vm(4, [44, 44])])];
    expect(planRound(hosts, RULES, 'none')).toEqual([{ vmId: 2, hostId: 2 }]);
  });

  it('leaves a VM where it is when there is no place for it at all', () => {
    expect(planRound([host(0, [vm(0, [50, 50]), vm(1, [50, 50]), vm(2, [5, 8])])], RULES, 'none')).toEqual([]);
  });

  it('sends all VMs of a relief to one target where one takes them', () => {
    const slow = { moveSeconds: 28 };
    const source = host(0, [vm(0, [45, 45], slow), vm(1, [45, 45], slow), vm(2, [6, 6]), vm(3, [6, 6]), vm(4, [5, 5], slow)]);
    const targets = new Set(planRound([source, host(1, [vm(5, [20, 20])]), host(2, [vm(6, [20, 20])])], RULES, 'none').map(({ hostId }) => hostId));
    expect(targets.size).toBe(1);
  });

  it('empties a host into a fuller one, unless its moves cost more than they may', () => {
    const hosts = [host(0, [vm(0, [5, 5])]), host(1, [vm(1, [40, 40])]), host(2, [vm(2, [30, 30])])];
    const moves = planRound(hosts, RULES, 'worthwhile');
    expect(moves).toContainEqual({ vmId: 0, hostId: 1 });
    expect(planRound(hosts, { ...RULES, largestEmptyingSeconds: 0.1 }, 'worthwhile')).toEqual([]);
  });

  it('counts on nothing from a VM that uses nothing, and takes it along when its host is emptied', () => {
    const hosts = [host(0, [vm(0, [5, 5]), vm(1, [50, 0])]), host(1, [vm(2, [40, 40])])];
    expect(planRound(hosts, RULES, 'worthwhile')).toEqual([{ vmId: 0, hostId: 1 }, { vmId: 1, hostId: 1 }]);
    const without = planRound([host(0, [vm(0, [5, 5])]), hosts[1] as HostLoad], RULES, 'worthwhile');
    expect(without).toEqual([{ vmId: 0, hostId: 1 }]);
  });

  it('sends no VM to a host of which a core is too small for it', () => {
    const hosts = [host(0, [vm(0, [5, 5], { largestCpu: 60 })], { largestVmCpu: 60 }), host(1, [vm(1, [40, 40])])];
    expect(planRound(hosts, RULES, 'worthwhile').map(({ vmId }) => vmId)).toEqual([1]);
  });

  it.each(['none', 'worthwhile', 'first'] as const)('moves no VM twice and to no host where it is already, in whatever fleet (%s)', (emptying) => {
    for (const seed of seeds) {
      const hosts = randomFleet(seed);
      const moves = planRound(hosts, RULES, emptying);
      expect(new Set(moves.map(({ vmId }) => vmId)).size).toBe(moves.length);
      for (const { vmId, hostId } of moves) expect(hosts.find(({ id }) => id === hostId)?.vms.some(({ id }) => id === vmId)).toBe(false);
    }
  });

  it('fills no target above its limit by what is used now, nor, by emptying, above it by forecast', () => {
    for (const seed of seeds) {
      const hosts = randomFleet(seed).filter((of) => useNow(of) <= of.capacityCpu);
      const moves = planRound(hosts, RULES, 'worthwhile');
      const targets = new Set(moves.map(({ hostId }) => hostId));
      for (const of of after(hosts, moves).filter(({ id }) => targets.has(id))) {
        const busy = of.vms.filter(({ nowCpu }) => nowCpu > 0);
        const samplesCpu = new Float64Array(6).map((_, i) => busy.reduce((sum, one) => sum + (one.samplesCpu[i] as number), 0));
        const needCpu = meanAndSpread(2)({ nowCpu: useNow(of), samplesCpu } as Parameters<ReturnType<typeof meanAndSpread>>[0]);
        expect(needCpu).toBeLessThanOrEqual(RULES.emptyingLimitRatio * of.capacityCpu + 1e-9);
      }
    }
  });

  it('leaves no host overloaded that others can relieve, and overloads none', () => {
    for (const seed of seeds) {
      // Enough room elsewhere, unused.
      const hosts = [...randomFleet(seed), ...Array.from({ length: 40 }, (_, i) => host(100 + i, []))];
      for (const of of after(hosts, planRound(hosts, RULES, 'worthwhile'))) expect(useNow(of)).toBeLessThanOrEqual(of.capacityCpu + 1e-9);
    }
  });

  it('gives the same plan for the same fleet', () => {
    for (const seed of seeds) expect(planRound(randomFleet(seed), RULES, 'first')).toEqual(planRound(randomFleet(seed), RULES, 'first'));
  });
});
