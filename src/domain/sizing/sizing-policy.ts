import type { SlaClass } from '../queue/move-request';

/** What overload and moving are worth against the price of the instance; all that turns a forecast into a size. */
export interface SizingPolicy {
  /** How far ahead costs are weighed. */
  readonly horizonMs: number;
  /** Length of the pieces of time that a size is chosen for; the highest chance of overload within one counts for all of it. */
  readonly blockMs: number;
  /** Utilization above which an instance counts as overloaded. */
  readonly limitPercent: { readonly cpu: number; readonly memory: number; readonly network: number };
  /**
   * An overloaded minute costs as much as so many minutes of the instance itself. It is the cost of under- against over-provision: a size is kept until
   * the chance of overload that the next smaller one has falls below its saving over this.
   */
  readonly overloadCostRatio: Readonly<Record<SlaClass, number>>;
  /** A move is a risk of its own: it counts as so many overloaded minutes. */
  readonly disruptionMinutes: Readonly<Record<SlaClass, number>>;
  /** A better size is taken only where it saves this share (0..1) of what staying costs. */
  readonly minGainRatio: number;
}

export const DEFAULT_SIZING_POLICY: SizingPolicy = {
  horizonMs: 24 * 3_600_000,
  blockMs: 900_000,
  limitPercent: { cpu: 85, memory: 90, network: 85 },
  overloadCostRatio: { critical: 60, standard: 20, relaxed: 10 },
  disruptionMinutes: { critical: 4, standard: 2, relaxed: 1 },
  minGainRatio: 0.05,
};
