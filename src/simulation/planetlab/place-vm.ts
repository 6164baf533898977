import type { Draft } from './draft';
import type { Fleet } from './fleet';
import type { Host } from './host';
import { HOST_COUNT, HOST_RAM_MB, MOST_VMS_PLACED_PER_HOST } from './machines';
import type { OverloadDetector } from './overload-detectors';
import { powerAt } from './power-model';

/** Finds a host for a VM among candidates, in this order; null where none takes it. */
export type FindHost = (vm: number, candidates: Iterable<Host>, draft: Draft) => Host | null;

/** The first host with enough free CPU. */
export const firstFit: FindHost = (vm, candidates, { fleet }) => {
  for (const host of candidates) if (hasRoom(host, fleet.demandMips[vm] as number)) return host;
  return null;
};

/**
 * Power aware best fit (PABFD): of the hosts that the VM would not overload, the one whose power rises least by it. Power before is that of the last update,
 * so a host's rise includes what was placed on it in this round.
 */
export const leastPowerRise =
  (wouldOverload: OverloadDetector): FindHost =>
  (vm, candidates, draft) => {
    const demandMips = draft.fleet.demandMips[vm] as number;
    let best: Host | null = null;
    let leastRiseW = Infinity;
    for (const host of candidates) {
      if (!hasRoom(host, demandMips)) continue;
      const grantedMips = draft.grantedMips(host);
      const load = Math.min(1, (grantedMips + demandMips) / host.type.capacityMips);
      const riseW = powerAt(host.type.powerW, load) - host.powerW;
      // The detector is asked last, being the costly part.
      if (riseW < leastRiseW && (grantedMips === 0 || !wouldOverload(draft.loadWith(vm, host)))) {
        best = host;
        leastRiseW = riseW;
      }
    }
    return best;
  };

/**
 * The start of the day: every VM in turn, with all the CPU it may ask for. RAM and bandwidth bind here and, as in CloudSim, never again.
 * @throws Error where a VM finds no host
 */
export function placeAll(fleet: Fleet, draft: Draft, findHost: FindHost): void {
  const freeRamMb = new Float64Array(HOST_COUNT).fill(HOST_RAM_MB);
  for (let vm = 0; vm < fleet.vmCount; vm++) {
    const ramMb = fleet.vmRamMb[vm] as number;
    const fitting = fleet.hosts.filter(({ index, tenants }) => (freeRamMb[index] as number) >= ramMb && tenants.length < MOST_VMS_PLACED_PER_HOST);
    const host = findHost(vm, fitting, draft);
    if (host === null) throw new Error(`the trace has ${fleet.vmCount} VMs, of which number ${vm + 1} finds no host; expected as many as the ${HOST_COUNT} hosts can take`);
    freeRamMb[host.index] = (freeRamMb[host.index] as number) - ramMb;
    draft.settle(vm, host);
    // It keeps what it was granted, but asks for nothing until the first sample: so the detectors see of a host only the VM being placed.
    fleet.demandMips[vm] = 0;
  }
}

const hasRoom = ({ type, freeMips }: Host, demandMips: number): boolean => type.coreMips >= demandMips && freeMips >= demandMips;
