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

/** Which samples of a VM a policy sees: those of the last `past` and now, or, as none can, of the next `coming` too. */
export interface Sight {
  readonly past: number;
  readonly coming: number;
}

export const FORESHIFT_RULES: ConsolidationRules = {
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
  largestEmptyingSeconds: 11.3,
};
const FORESHIFT_SIGHT: Sight = { past: 11, coming: 0 };
/** Hosts are emptied each half hour. */
const EMPTYING_EVERY = 6;

/** The decisions of src/domain/consolidation on the simulated fleet. They get whole percents of the samples until now, which hold nothing of what is to come. */
export const forecasting = (rules: ConsolidationRules, sight: Sight): Policy => ({
  findFirstHost: leastPowerRise(withoutHistory),
  planMoves: (fleet) => {
    const emptying: Emptying = fleet.instant === 0 ? 'first' : fleet.instant % EMPTYING_EVERY === 0 ? 'worthwhile' : 'none';
    const hosts = fleet.hosts.map((host) => loadOf(host, fleet, sight));
    return planRound(hosts, rules, emptying).map(({ vmId, hostId }) => ({ vm: vmId, target: fleet.hosts[hostId] as Host }));
  },
});

export const foreshift = forecasting(FORESHIFT_RULES, FORESHIFT_SIGHT);

function loadOf({ index, type, tenants }: Host, fleet: Fleet, sight: Sight): HostLoad {
  return {
    id: index,
    capacityCpu: type.capacityMips,
    largestVmCpu: type.coreMips,
    efficient: type.efficient,
    vms: tenants.map(({ vm }) => vmLoad(vm, fleet, sight)),
  };
}

function vmLoad(vm: number, fleet: Fleet, { past, coming }: Sight): VmLoad {
  const largestCpu = fleet.vmMips[vm] as number;
  const known = Math.min(past, fleet.instant + 1);
  const samplesCpu = Float64Array.from({ length: known + 1 + coming }, (_, i) => (fleet.percentAgo(vm, known - i) / 100) * largestCpu);
  return { id: vm, largestCpu, nowCpu: samplesCpu[known] as number, samplesCpu, moveSeconds: migrationSeconds(fleet.vmRamMb[vm] as number) };
}
