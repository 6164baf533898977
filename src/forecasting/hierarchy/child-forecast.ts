/** What a model says of one child, in its own unit. */
export interface MarginalForecast {
  /** `[step][level]`, never falling along the levels. */
  readonly quantiles: readonly (readonly number[])[];
  /** `[step]` */
  readonly mean: readonly number[];
  /** `[level]`: of the highest value over all steps. */
  readonly peak: readonly number[];
}

/** One load that sums are made of: an instance, as a rule. */
export interface ChildForecast {
  readonly id: string;
  /** The sums that it belongs to, the narrowest first: its pool, zone, region. The first is what it is compared with. */
  readonly localities: readonly string[];
  /** What one unit of the child counts in a sum: vCPUs / 100 for a percentage of its CPU, 1 for bytes. */
  readonly weight: number;
  /** The child's capacity in its own unit: 100 for a percentage, its bandwidth for bytes a second. Loads of siblings compare as shares of it. */
  readonly capacity: number;
  /** Null where nothing could be forecast: the pool's distribution stands for it. */
  readonly forecast: MarginalForecast | null;
  /** Its past on the forecast's grid, null for a gap; all children's end at the same moment. */
  readonly history: readonly (number | null)[];
}

/** How many values of a history were seen. */
export function evidenceOf({ history }: ChildForecast): number {
  return history.reduce<number>((count, value) => count + (value === null ? 0 : 1), 0);
}
