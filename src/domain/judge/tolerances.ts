import type { JudgeState } from './judge-state';
import { pastRate } from './past-rate';
import { BELIEVED_ERRORS, MEDIAN } from './questions';
import type { RampGate } from './ramp-gate';
import type { RateBound, Tally } from './rate-evidence';
import { LATENCY_QUANTILES, type SideCounts } from './traffic-interval';

/** Something that must be ruled out before a step passes. */
export interface Tolerance {
  readonly name: string;
  readonly bound: RateBound;
  /** The rate (0..1) that the source is known for. */
  readonly rate: number;
  tally(side: SideCounts): Tally;
}

/** Every second request is too many anywhere. */
const WIDEST_MARGIN = 0.5;
const SLOW = LATENCY_QUANTILES.indexOf(0.9);

/**
 * Far too many errors, and far too many answers beyond the median and the 90th percentile; rarer ones would be waited for
 * too long. What is intolerable is what would be so for all traffic together once the next step is taken: a twentieth of it
 * may show more, and needs less of it to be judged.
 */
export function tolerancesFor(state: JudgeState, gate: RampGate): readonly Tolerance[] {
  const beforeNext = ({ ratio, margin }: RateBound): RateBound => ({ ratio, margin: Math.min(WIDEST_MARGIN, margin / state.nextShare) });
  const known = state.questions['errors'];
  const errors: Tolerance = { name: 'errors', bound: beforeNext(gate.intolerable.errors), rate: pastRate(known?.source ?? [], BELIEVED_ERRORS), tally: ({ errors: count, requests: of }) => ({ count, of }) };
  if (state.thresholds.sourceMs.length < LATENCY_QUANTILES.length) return [errors];
  const slower = (at: number): Tolerance => ({ name: `slower than p${100 * (LATENCY_QUANTILES[at] ?? 0)}`, bound: beforeNext(gate.intolerable.slow), rate: 1 - (LATENCY_QUANTILES[at] ?? 0), tally: ({ slower: counts, answers: of }) => ({ count: counts[at] ?? 0, of }) });
  return [errors, slower(MEDIAN), slower(SLOW)];
}

/** The bound beside a source that answers nothing any more: what it would be beside the rate that the source is known for. */
export function boundAlone({ bound, rate }: Pick<Tolerance, 'bound' | 'rate'>): RateBound {
  return { ratio: 0, margin: Math.min(0.95, bound.ratio * rate + bound.margin) };
}
