import { largestOfSamples, meanAndSpread } from '../../../src/domain/consolidation/coming-need';
import { HostGroup } from '../../../src/domain/consolidation/host-group';
import { host, vm } from './fleets';

const groupOf = (...samples: (readonly number[])[]): HostGroup => new HostGroup(host(0, samples.map((of, id) => vm(id, of))), (samples[0] as readonly number[]).length);

describe('the coming need of a group', () => {
  it('is the mean and so many deviations of what the VMs used together', () => {
    expect(meanAndSpread(2)(groupOf([10, 30, 10, 30]))).toBeCloseTo(20 + 2 * 10 + 0, 9);
    expect(meanAndSpread(1)(groupOf([10, 30, 10, 20], [5, 5, 5, 5]))).toBeCloseTo(22.5 + Math.sqrt(68.75), 9);
  });

  it('is less where VMs take turns than where they rise together', () => {
    const turns = groupOf([10, 30, 10, 30], [30, 10, 30, 10]);
    const together = groupOf([10, 30, 10, 30], [10, 30, 10, 30]);
    expect(meanAndSpread(2)(turns)).toBeCloseTo(40, 9);
    expect(meanAndSpread(2)(together)).toBeCloseTo(80, 9);
  });

  it('is never less than the use now', () => {
    expect(meanAndSpread(2)(groupOf([0, 0, 0, 0, 0, 0, 0, 40]))).toBe(40);
    expect(largestOfSamples(groupOf([1, 2, 40]))).toBe(40);
  });

  it('with one more VM is that of the group after it has come', () => {
    const another = vm(9, [20, 0, 20, 10]);
    for (const needOf of [meanAndSpread(2), largestOfSamples]) {
      const group = groupOf([10, 30, 10, 30]);
      const expected = needOf(group, another);
      group.add(another);
      expect(needOf(group)).toBeCloseTo(expected, 9);
      group.remove(another);
      expect(needOf(group)).toBeCloseTo(needOf(groupOf([10, 30, 10, 30])), 9);
    }
  });

  it('is nothing for a host without VMs', () => {
    expect(meanAndSpread(2)(new HostGroup(host(0, []), 4))).toBe(0);
  });
});
