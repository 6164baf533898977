import { STANDARD_LEVELS } from '../../../src/forecasting/forecast-model';
import type { PeakExample } from '../../../src/forecasting/training/peak-example';

/** A forecast of the day's highest value that was made without its machine, `[standard level]` in the example's units, and what it counts. */
export interface JudgedPeak {
  readonly example: PeakExample;
  readonly forecast: Float64Array;
  readonly weight: number;
}

/** Losses and headroom are in usual day-to-day changes of the load; shares are 0..1. */
export interface PeakMeasures {
  readonly count: number;
  /** Share of days whose highest value stayed within the 0.95 quantile, and within yesterday's rule's. */
  readonly held: number;
  readonly yesterdayHeld: number;
  /** What yesterday's allowance for change is multiplied by to hold as often. */
  readonly widenedBy: number;
  /** Mean and median distance from the highest value up to the 0.95 quantile, over those of yesterday's rule so widened. */
  readonly meanHeadroomRatio: number;
  readonly medianHeadroomRatio: number;
  /** Sum of 0.95 pinball losses over that of yesterday's rule, as it is and widened; and of all but the 2.5 % of days on which either lost most. */
  readonly lossRatio: number;
  readonly lossRatioToWidened: number;
  readonly trimmedLossRatio: number;
  /** Share of days below each standard level. */
  readonly below: readonly number[];
}

const TOP = STANDARD_LEVELS.length - 1;
const TRIMMED_SHARE = 0.025;

export function measurePeaks(judged: readonly JudgedPeak[]): PeakMeasures {
  const weights = judged.map(({ weight }) => weight);
  const mean = (of: (one: JudgedPeak, i: number) => number) => judged.reduce((sum, one, i) => sum + one.weight * of(one, i), 0) / weights.reduce((sum, weight) => sum + weight, 0);
  const topOf = ({ forecast }: JudgedPeak) => forecast[TOP] as number;
  const yesterdayOf = ({ example }: JudgedPeak, by = 1) => by * (example.yesterday[TOP] as number);
  const holds = ({ example }: JudgedPeak, limit: number) => (example.truth <= limit + 1e-9 ? 1 : 0);
  const headroom = ({ example }: JudgedPeak, limit: number) => (limit - example.truth) / example.dayScale;
  const loss = (one: JudgedPeak, limit: number) => {
    const over = headroom(one, limit);
    return over >= 0 ? 0.05 * over : -0.95 * over;
  };
  const held = mean((one) => holds(one, topOf(one)));
  const needed = judged.map(({ example }) => ((example.yesterday[TOP] as number) > 0 ? example.truth / (example.yesterday[TOP] as number) : example.truth <= 0 ? 0 : Infinity));
  const widenedBy = weightedQuantile(needed, weights, held);
  const own = judged.map((one) => loss(one, topOf(one)));
  const reference = judged.map((one) => loss(one, yesterdayOf(one)));
  const worst = weightedQuantile(judged.map((_, i) => Math.max(own[i] as number, reference[i] as number)), weights, 1 - TRIMMED_SHARE);
  const kept = (losses: readonly number[]) => mean((_, i) => (Math.max(own[i] as number, reference[i] as number) <= worst ? (losses[i] as number) : 0));
  const medianHeadroom = (limitOf: (one: JudgedPeak) => number) => weightedQuantile(judged.map((one) => headroom(one, limitOf(one))), weights, 0.5);
  const widened = (one: JudgedPeak) => yesterdayOf(one, widenedBy);
  return {
    count: judged.length,
    held,
    yesterdayHeld: mean((one) => holds(one, yesterdayOf(one))),
    widenedBy,
    meanHeadroomRatio: mean((one) => headroom(one, topOf(one))) / mean((one) => headroom(one, widened(one))),
    medianHeadroomRatio: medianHeadroom(topOf) / medianHeadroom(widened),
    lossRatio: mean((_, i) => own[i] as number) / mean((_, i) => reference[i] as number),
    lossRatioToWidened: mean((_, i) => own[i] as number) / mean((one) => loss(one, widened(one))),
    trimmedLossRatio: kept(own) / kept(reference),
    below: STANDARD_LEVELS.map((_, l) => mean((one) => holds(one, one.forecast[l] as number))),
  };
}

/** The smallest value that at least `share` of the weight does not exceed. */
function weightedQuantile(values: readonly number[], weights: readonly number[], share: number): number {
  const ranked = values.map((value, i) => ({ value, weight: weights[i] as number })).sort((a, b) => a.value - b.value);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return (ranked.find(({ weight }) => (sum += weight) >= share * total - 1e-9) ?? { value: NaN }).value;
}
