/** The machines of the benchmark: Beloglazov & Buyya, CCPE 24(13), 2012, as the examples of CloudSim 3.0.3 build them. */
export interface HostType {
  readonly coreMips: number;
  readonly capacityMips: number;
  /** Watts at 0, 10, ..., 100 % load (SPECpower). */
  readonly powerW: readonly number[];
  /** Whether it is the type with the least idle power for its capacity. */
  readonly efficient: boolean;
}

export interface VmType {
  readonly mips: number;
  readonly ramMb: number;
}

export const HOST_COUNT = 800;
export const HOST_RAM_MB = 4096;
/** By bandwidth, of which a host has ten times what a VM asks for. */
export const MOST_VMS_PLACED_PER_HOST = 10;

const ML110_G4: HostType = { coreMips: 1860, capacityMips: 3720, powerW: [86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117], efficient: false };
const ML110_G5: HostType = { coreMips: 2660, capacityMips: 5320, powerW: [93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135], efficient: true };

const VM_TYPES: readonly VmType[] = [
  { mips: 2500, ramMb: 870 },
  { mips: 2000, ramMb: 1740 },
  { mips: 1000, ramMb: 1740 },
  { mips: 500, ramMb: 613 },
];

const MIGRATION_MB_PER_S = 62.5;

/** Every second host is of the stronger type. */
export const hostTypeOf = (host: number): HostType => (host % 2 === 0 ? ML110_G4 : ML110_G5);

/** The first quarter of the VMs is of the first type, and so on. */
export const vmTypeOf = (vm: number, vmCount: number): VmType => VM_TYPES[Math.floor(vm / Math.ceil(vmCount / VM_TYPES.length))] as VmType;

/** How long a VM's memory is copied, in seconds; over half of a host's link. */
export const migrationSeconds = (ramMb: number): number => ramMb / MIGRATION_MB_PER_S;
