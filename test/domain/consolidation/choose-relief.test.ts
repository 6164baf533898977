import { chooseRelief } from '../../../src/domain/consolidation/choose-relief';
import type { VmLoad } from '../../../src/domain/consolidation/fleet-load';
import { HostGroup } from '../../../src/domain/consolidation/host-group';
import { host, RULES, vm } from './fleets';

const chosen = (...vms: readonly VmLoad[]): number[] => chooseRelief(new HostGroup(host(0, vms), 3), RULES).map(({ id }) => id);
const steady = (id: number, cpu: number, moveSeconds: number): VmLoad => vm(id, [cpu, cpu, cpu], { moveSeconds });

describe('the relief of an overloaded host', () => {
  it('takes the smallest VM that ends the overload, of those that are moved equally fast', () => {
    expect(chosen(steady(0, 40, 10), steady(1, 38, 10), steady(2, 16, 10), steady(3, 13, 10))).toEqual([3]);
  });

  it('takes a few that are moved fast rather than one that is moved slowly', () => {
    expect(chosen(steady(0, 45, 28), steady(1, 40, 28), steady(2, 12, 28), steady(3, 5, 10), steady(4, 5, 10)).sort()).toEqual([3, 4]);
  });

  it('takes the largest ones where no few VMs end it', () => {
    const vms = Array.from({ length: 15 }, (_, id) => steady(id, 8 + id / 100, 10));
    expect(chosen(...vms).slice(0, 2)).toEqual([14, 13]);
    const many = Array.from({ length: 40 }, (_, id) => steady(id, 4, 10));
    expect(chosen(...many)).toHaveLength(15);
  });

  it('lets more leave where the host had higher peaks, so that the overload does not come back', () => {
    const slow = [steady(0, 50, 28), steady(1, 27, 28)];
    expect(chosen(...slow, vm(2, [20, 20, 20]), vm(3, [6, 6, 6]))).toEqual([3]);
    expect(chosen(vm(0, [72, 72, 50], { moveSeconds: 28 }), steady(1, 27, 28), vm(2, [20, 20, 20]), vm(3, [6, 6, 6]))).toEqual([2]);
  });
});
