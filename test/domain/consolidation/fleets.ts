import { meanAndSpread } from '../../../src/domain/consolidation/coming-need';
import type { ConsolidationRules } from '../../../src/domain/consolidation/consolidation-rules';
import type { HostLoad, VmLoad } from '../../../src/domain/consolidation/fleet-load';
import { createRandomStream } from '../../../src/domain/seeded-random';

export const RULES: ConsolidationRules = {
  needOf: meanAndSpread(2),
  reliefLimitRatio: 0.93,
  emptyingLimitRatio: 0.86,
  firstLimitRatio: 0.85,
  disturbanceRatio: 0.225,
  perReliefVmRatio: 0.02,
  peakLimitRatio: 0.95,
  peakSeconds: 20,
  mostReliefVms: 5,
  perEmptiedVmRatio: 0.006,
  largestEmptyingSeconds: 11,
};

/** A VM by its samples, the last one now. */
export const vm = (id: number, samplesCpu: readonly number[], more: Partial<VmLoad> = {}): VmLoad => ({
  id,
  largestCpu: 50,
  nowCpu: samplesCpu.at(-1) as number,
  samplesCpu: Float64Array.from(samplesCpu),
  moveSeconds: 10,
  ...more,
});

/** A host of 100 CPU. */
export const host = (id: number, vms: readonly VmLoad[], more: Partial<HostLoad> = {}): HostLoad => ({ id, capacityCpu: 100, largestVmCpu: 50, efficient: true, vms, ...more });

/** Hosts of two kinds, each with up to six VMs of any load; some are overloaded. */
export function randomFleet(seed: number, hostCount = 40): HostLoad[] {
  const random = createRandomStream(seed);
  let id = 0;
  const randomVm = (): VmLoad => {
    const level = random() ** 2 * 50;
    const samplesCpu = Array.from({ length: 6 }, () => (random() < 0.1 ? 0 : Math.min(50, level * (0.5 + random()))));
    return vm(id++, samplesCpu, { moveSeconds: random() < 0.5 ? 10 : 28 });
  };
  return Array.from({ length: hostCount }, (_, i) => host(i, Array.from({ length: Math.floor(random() * 7) }, randomVm), { efficient: i % 2 === 1 }));
}
