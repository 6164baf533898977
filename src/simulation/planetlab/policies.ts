import { foreshift } from './forecasting-policy';
import { interquartileRange, localRegression, medianAbsoluteDeviation, rememberedPeak, threshold, withoutHistory, type OverloadDetector } from './overload-detectors';
import { firstFit, leastPowerRise } from './place-vm';
import { planConsolidation } from './plan-consolidation';
import type { Policy } from './policy';

const consolidating = (isOverloaded: OverloadDetector, wouldOverload = isOverloaded, wouldOverloadFirst = wouldOverload): Policy => {
  const findHost = leastPowerRise(wouldOverload);
  return { findFirstHost: leastPowerRise(wouldOverloadFirst), planMoves: (fleet) => planConsolidation(fleet, { isOverloaded, findHost }) };
};

/** Ours and the built-in ones to compare with, the published ones with the parameters of the paper. */
export const POLICIES = {
  foreshift,
  'lrr-mmt': consolidating(localRegression(1.2)),
  'thr-mmt': consolidating(threshold(0.8)),
  'iqr-mmt': consolidating(interquartileRange(1.5)),
  'mad-mmt': consolidating(medianAbsoluteDeviation(2.5)),
  /** Forecasts nothing: a host is relieved when it is overloaded, and takes only what would have fitted at each of the last 30 instants. */
  peakhold: consolidating(threshold(1), rememberedPeak(0.9), withoutHistory),
  /** Only the power follows the load: nothing ever moves. */
  dvfs: { findFirstHost: firstFit, planMoves: () => [] },
} as const satisfies Readonly<Record<string, Policy>>;

export type PolicyName = keyof typeof POLICIES;
