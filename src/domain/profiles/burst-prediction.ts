/** Whether, when and how far a workload's load will rise above what it used lately. */
export interface BurstPrediction {
  readonly withinMinutes: number;
  /** 0..1: that a burst begins within that time. */
  readonly probability: number;
  /** Rising probabilities within (0, 1), of `sizePercent`. */
  readonly levels: readonly number[];
  /** `[level]`: the highest load of the burst, in percent of the allocation (0..100), should there be one. */
  readonly sizePercent: readonly number[];
  /** When it most probably begins; null where nothing speaks for one time above others. */
  readonly expectedStartMs: number | null;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** What counts as a burst: load that rises above the level before it by both. */
export interface BurstDefinition {
  /** Steps of which the median is the level before. */
  readonly baseSteps: number;
  /** Least rise as a share of that level. */
  readonly riseShare: number;
  /** Least rise in percent of the allocation. */
  readonly risePercent: number;
}

export const BURST: BurstDefinition = { baseSteps: 36, riseShare: 0.5, risePercent: 10 };

/** The load (in percent of the allocation) from which on a rise from a level is a burst. */
export function burstLimit(levelPercent: number, { riseShare, risePercent }: BurstDefinition = BURST): number {
  return levelPercent + Math.max(riseShare * levelPercent, risePercent);
}
