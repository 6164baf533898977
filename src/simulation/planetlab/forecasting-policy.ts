import { meanAndSpread } from '../../domain/consolidation/coming-need';
import type { ConsolidationRules, Emptying } from '../../domain/consolidation/consolidation-rules';
import type { HostLoad, VmLoad } from '../../domain/consolidation/fleet-load';
import { planRound } from '../../domain/consolidation/plan-round';
import type { Fleet } from './fleet';
import type { Host } from './host';
import { migrationSeconds } from './machines';
import { withoutHistory } from './overload-detectors';
import { leastPowerRise } from './place-vm';
import type { Policy } from './policy';

/** The samples of a VM that a policy goes by, in percent, the same number for each VM. */
export type SamplesOf = (fleet: Fleet, vm: number) => Float64Array;

/** The last samples until now, fewer early in the day. In whole percent they hold nothing of what is to come. */
export const lastSamples =
  (most: number): SamplesOf =>
  (fleet, vm) => {
    // That of midnight is known at the first instant too.
    const known = Math.min(most, fleet.instant + 2);
    return Float64Array.from({ length: known }, (_, i) => fleet.percentAgo(vm, known - 1 - i));
  };

/** One set for all days. What it was chosen by, and how it does on days in other orders, is told in docs/simulation.md. */
export const FORESHIFT_RULES: ConsolidationRules = {
  needOf: meanAndSpread(2),
  reliefLimitRatio: 0.93,
  emptyingLimitRatio: 0.9,
  firstLimitRatio: 0.85,
  disturbanceRatio: 0.225,
  perReliefVmRatio: 0.02,
  peakLimitRatio: 0.95,
  peakSeconds: 20,
  mostReliefVms: 5,
  perEmptiedVmRatio: 0.006,
  largestEmptyingSeconds: 9.4,
};
const SAMPLES = 12;
/** Hosts are emptied each half hour. */
const EMPTYING_EVERY = 6;

/** The decisions of src/domain/consolidation on the simulated fleet. */
export const forecasting = (rules: ConsolidationRules, samplesOf: SamplesOf): Policy => ({
  findFirstHost: leastPowerRise(withoutHistory),
  planMoves: (fleet) => {
    const emptying: Emptying = fleet.instant === 0 ? 'first' : fleet.instant % EMPTYING_EVERY === 0 ? 'worthwhile' : 'none';
    const hosts = fleet.hosts.map((host) => loadOf(host, fleet, samplesOf));
    return planRound(hosts, rules, emptying).map(({ vmId, hostId }) => ({ vm: vmId, target: fleet.hosts[hostId] as Host }));
  },
});

export const foreshift = forecasting(FORESHIFT_RULES, lastSamples(SAMPLES));

function loadOf({ index, type, tenants }: Host, fleet: Fleet, samplesOf: SamplesOf): HostLoad {
  const { capacityMips, coreMips, efficient } = type;
  return { id: index, capacityCpu: capacityMips, largestVmCpu: coreMips, efficient, vms: tenants.map(({ vm }) => vmLoad(vm, fleet, samplesOf)) };
}

function vmLoad(vm: number, fleet: Fleet, samplesOf: SamplesOf): VmLoad {
  const largestCpu = fleet.vmMips[vm] as number;
  const cpuOf = (percent: number): number => (percent / 100) * largestCpu;
  return {
    id: vm,
    largestCpu,
    nowCpu: cpuOf(fleet.percentAgo(vm, 0)),
    samplesCpu: samplesOf(fleet, vm).map(cpuOf),
    moveSeconds: migrationSeconds(fleet.vmRamMb[vm] as number),
  };
}
