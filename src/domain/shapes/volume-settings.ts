/** What a gp3 volume is set to. */
export interface VolumeSettings {
  readonly kind: 'gp3';
  readonly iops: number;
  readonly throughputMiBps: number;
}

/** What every gp3 volume has at no charge, and the most that one can have (EBS user guide, "General Purpose SSD volumes"). */
const INCLUDED = { iops: 3000, throughputMiBps: 125 } as const;
export const MOST = { iops: 16_000, throughputMiBps: 1000 } as const;
/** gp3 takes at most one MiB/s for every four IOPS. */
const IOPS_A_MIBPS = 4;
/** us-east-1, 2025-06: USD per month for each above what is included. */
const USD_A_MONTH = { iops: 0.005, throughputMiBps: 0.04 } as const;
const HOURS_A_MONTH = 730;
const IOPS_STEP = 100;

/** The smallest gp3 settings that hold a peak at a target utilization; null where a single volume cannot. */
export function gp3For(peak: { readonly iops: number; readonly throughputMiBps: number }, targetUtilizationRatio: number): VolumeSettings | null {
  const throughputMiBps = Math.max(INCLUDED.throughputMiBps, Math.ceil(peak.throughputMiBps / targetUtilizationRatio));
  const needed = Math.max(INCLUDED.iops, peak.iops / targetUtilizationRatio, throughputMiBps * IOPS_A_MIBPS);
  const iops = Math.ceil(needed / IOPS_STEP) * IOPS_STEP;
  return iops > MOST.iops || throughputMiBps > MOST.throughputMiBps ? null : { kind: 'gp3', iops, throughputMiBps };
}

/** What settings above the included ones cost, without the price of the volume's size. */
export function settingsUsdPerHour({ iops, throughputMiBps }: VolumeSettings): number {
  return ((iops - INCLUDED.iops) * USD_A_MONTH.iops + (throughputMiBps - INCLUDED.throughputMiBps) * USD_A_MONTH.throughputMiBps) / HOURS_A_MONTH;
}
