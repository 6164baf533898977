import type { CpuDemand } from './fleet-load';
import type { HostGroup } from './host-group';

/** What a host's busy VMs, with one more if given, will need at most over the next hour or two, in CPU. */
export type ForecastNeed = (group: HostGroup, another?: CpuDemand) => number;

/**
 * The mean of the group's recent use plus so many deviations of it, and at least its use now. Level and spread are the forecast: on recorded load the
 * coming maximum follows the mean with a weight of 1 and the deviation with one of 1 to 1.6, and the present value with none.
 */
export const meanAndSpread =
  (deviations: number): ForecastNeed =>
  ({ nowCpu, samplesCpu }, another) => {
    const { length } = samplesCpu;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < length; i++) {
      const cpu = (samplesCpu[i] as number) + (another === undefined ? 0 : (another.samplesCpu[i] as number));
      sum += cpu;
      squares += cpu * cpu;
    }
    const mean = sum / length;
    const variance = Math.max(0, squares / length - mean * mean);
    return Math.max(nowCpu + (another?.nowCpu ?? 0), mean + deviations * Math.sqrt(variance));
  };

/** The most that the group used together at any of the samples: a memory of peaks where they are past, perfect sight where they are to come. */
export const largestOfSamples: ForecastNeed = ({ nowCpu, samplesCpu }, another) => {
  let largest = nowCpu + (another?.nowCpu ?? 0);
  for (let i = 0; i < samplesCpu.length; i++) largest = Math.max(largest, (samplesCpu[i] as number) + (another === undefined ? 0 : (another.samplesCpu[i] as number)));
  return largest;
};
