/** What a run may make and keep at once, at most. */
export interface RunSize {
  readonly shape: string;
  /** Of the region, On-Demand; null where nobody knows it. */
  readonly usdPerHour: number | null;
  /** The image's own volumes together. */
  readonly imageGiB: number;
  readonly deadlineMinutes: number;
}

/** A price of another region, or of next year, may be so much higher than the one that is known. */
const MARGIN = 1.5;
const MONTH_HOURS = 730;
const VOLUME_USD_PER_GIB_MONTH = 0.15;
const SNAPSHOT_USD_PER_GIB_MONTH = 0.08;
/** Blocks of the data volume that are read twice: 0.003 USD for a thousand. */
const BLOCK_READS_USD = 0.02;
/** An instance in a reservation is paid once, but they do not begin and end together: both are counted. */
const PAID_AT_ONCE = 2;
export const DATA_GIB = 1;

export interface CostBound {
  /** Until the deadline. */
  readonly usd: number;
  /** What goes on costing where the run is killed and nobody cleans up after it. */
  readonly usdPerHourIfKilled: number;
  readonly lines: readonly string[];
}

/** What a run can cost at most; null where the shape's price is not known. */
export function costBound({ shape, usdPerHour, imageGiB, deadlineMinutes }: RunSize): CostBound | null {
  if (usdPerHour === null) return null;
  const hours = deadlineMinutes / 60;
  const compute = PAID_AT_ONCE * usdPerHour * MARGIN;
  const volumeGiB = imageGiB + 2 * DATA_GIB;
  const snapshotGiB = imageGiB + 2 * DATA_GIB;
  const disks = (volumeGiB * VOLUME_USD_PER_GIB_MONTH + snapshotGiB * SNAPSHOT_USD_PER_GIB_MONTH) / MONTH_HOURS;
  const usd = (compute + disks) * hours + BLOCK_READS_USD;
  return {
    usd,
    usdPerHourIfKilled: compute + disks,
    lines: [
      `1 instance and 1 reservation of ${shape} for up to ${deadlineMinutes} min, at ${usdPerHour} USD an hour and half as much again: ${(compute * hours).toFixed(4)} USD`,
      `${volumeGiB} GiB of volumes and ${snapshotGiB} GiB of snapshots as long, and reads of blocks: ${(disks * hours + BLOCK_READS_USD).toFixed(4)} USD`,
    ],
  };
}
