import { Host } from '../../../src/simulation/planetlab/host';
import { hostTypeOf, vmTypeOf } from '../../../src/simulation/planetlab/machines';
import { loadRatio, powerAt } from '../../../src/simulation/planetlab/power-model';

const hostWith = (...tenants: readonly (readonly [vm: number, requestMips: number, arriving?: boolean])[]): Host => {
  const host = new Host(0);
  host.tenants = tenants.map(([vm, requestMips, arriving = false]) => ({ vm, requestMips, arriving, grantedMips: 0 }));
  return host;
};
const granted = (host: Host): number[] => host.tenants.map(({ grantedMips }) => grantedMips);

describe('a simulated host', () => {
  const nobodyMoves = new Uint8Array(4);

  it('grants what is requested while it can, up to a core each', () => {
    const host = hostWith([0, 500], [1, 2500]);
    host.share(nobodyMoves);
    expect(granted(host)).toEqual([500, 1860]);
    expect(host.freeMips).toBe(3720 - 2360);
  });

  it('scales everybody down by one factor, to whole MIPS, where it cannot', () => {
    const host = hostWith([0, 1860], [1, 1860], [2, 1000]);
    host.share(nobodyMoves);
    expect(granted(host)).toEqual([1465, 1465, 788]);
    expect(host.freeMips).toBe(0);
  });

  it('gives a VM that leaves nine tenths, and one that arrives a tenth', () => {
    const moving = Uint8Array.of(1, 1, 0, 0);
    const host = hostWith([0, 1000], [1, 1000, true], [2, 300]);
    host.share(moving);
    host.measure(moving);
    expect(granted(host)).toEqual([900, 100, 300]);
    expect(host.freeMips).toBe(3720 - 1400);
    // A migration's loss is the VM's, not less use of the host.
    expect(host.useMips).toBeCloseTo(1400, 9);
    expect(host.requestedMips).toBe(2300);
  });

  it('draws power by straight lines between the measured loads, and none on average from a time when it was unused', () => {
    const { powerW } = hostTypeOf(1);
    expect([powerAt(powerW, 0), powerAt(powerW, 0.5), powerAt(powerW, 1)]).toEqual([93.7, 116, 135]);
    expect(powerAt(powerW, 0.25)).toBeCloseTo(103, 9);
    const host = hostWith([0, 1860]);
    host.share(nobodyMoves);
    host.measure(nobodyMoves);
    expect([host.powerW, host.meanPowerW]).toEqual([102, 0]);
    host.measure(nobodyMoves);
    expect(host.meanPowerW).toBe(102);
  });

  it('lets rounding pass as full, and nothing more', () => {
    expect(loadRatio(3720.001, 3720)).toBe(1);
    expect(() => loadRatio(3800, 3720)).toThrow(/loaded with 3800 MIPS; expected at most its 3720/);
  });

  it('has VMs in quarters by type, the last quarter shorter where they do not divide', () => {
    expect([0, 2, 3, 5, 6, 9].map((vm) => vmTypeOf(vm, 10).mips)).toEqual([2500, 2500, 2000, 2000, 1000, 500]);
  });
});
