/** Rounding may load a host just above its capacity; CloudSim lets this much pass as full. */
const ROUNDING = 1.01;

/** A host's use over its capacity, 0..1. @throws RangeError where it is above by more than rounding explains */
export function loadRatio(useMips: number, capacityMips: number): number {
  const load = useMips / capacityMips;
  if (load <= 1) return load;
  if (load < ROUNDING) return 1;
  throw new RangeError(`a host is loaded with ${useMips} MIPS; expected at most its ${capacityMips}`);
}

/** Watts at a load of 0..1, by straight lines between the eleven measured points. The steps are CloudSim's, digit by digit. */
export function powerAt(powerW: readonly number[], load: number): number {
  if (load % 0.1 === 0) return powerW[Math.trunc(load * 10)] as number;
  const below = Math.floor(load * 10);
  const low = powerW[below] as number;
  const high = powerW[Math.ceil(load * 10)] as number;
  return low + ((high - low) / 10) * (load - below / 10) * 100;
}
