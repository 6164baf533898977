import type { ForecastNeed } from './coming-need';

/** What a consolidation may do. Costs are in seconds of a host's whole capacity: what a move takes away is its share of the capacity times its duration. */
export interface ConsolidationRules {
  readonly needOf: ForecastNeed;
  /** How full relief may make a target. */
  readonly reliefLimitRatio: number;
  /** How full emptying other hosts may make a target. */
  readonly emptyingLimitRatio: number;
  /** The same while VMs stand where they were placed without knowledge of their load. */
  readonly firstLimitRatio: number;
  /** A relief disturbs its source and a target for the longest of its moves; a second of both costs as much as this share of a capacity being moved. */
  readonly disturbanceRatio: number;
  /** What each VM of a relief costs beyond its use. */
  readonly perReliefVmRatio: number;
  /** How much the source should keep free after a relief, by the peaks that it had; what it lacks costs `peakSeconds` of it. */
  readonly peakLimitRatio: number;
  readonly peakSeconds: number;
  readonly mostReliefVms: number;
  /** What each VM of an emptied host costs beyond its use. */
  readonly perEmptiedVmRatio: number;
  /** A host of which emptying costs more stays. */
  readonly largestEmptyingSeconds: number;
}

/** How much may be emptied in a round: nothing, what is worth its moves, or, at first, all that fits elsewhere. */
export type Emptying = 'none' | 'worthwhile' | 'first';
