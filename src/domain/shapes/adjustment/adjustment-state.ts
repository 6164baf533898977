import type { LoadMetric } from '../../forecast';

/** What is remembered of an instance from one decision to the next; plain data, small enough for a workflow. */
export interface AdjustmentState {
  /** Since when a smaller shape has been wanted without a break, and the largest of those wanted. */
  readonly wantsSmaller: { readonly sinceMs: number; readonly shape: string } | null;
  readonly changedAtMs: number | null;
  /** By metric: what a forecast's upper quantile must be multiplied with so that it holds as often as it says; 1 where nothing is known. */
  readonly margins: Partial<Record<LoadMetric, number>>;
}

export const INITIAL_STATE: AdjustmentState = { wantsSmaller: null, changedAtMs: null, margins: {} };

/** A forecast that holds more often than it says is not cut: an idle hour would otherwise make the next busy one a surprise. */
const MARGIN = { least: 1, most: 1.5 } as const;

/**
 * Learns from one value and the quantile that was forecast for it: the margin rises by `rate * level` where the value exceeded quantile times margin and falls by
 * `rate * (1 - level)` where not, so that in the long run it is exceeded in a share of `1 - level` (adaptive conformal inference, Gibbs and Candès 2021).
 */
export function learnFromError(state: AdjustmentState, metric: LoadMetric, seen: { readonly value: number; readonly quantile: number }, level: number, rate: number): AdjustmentState {
  const before = state.margins[metric] ?? MARGIN.least;
  const step = seen.value > seen.quantile * before ? rate * level : -rate * (1 - level);
  const margin = Math.min(MARGIN.most, Math.max(MARGIN.least, before * Math.exp(step)));
  return margin === before ? state : { ...state, margins: { ...state.margins, [metric]: margin } };
}
